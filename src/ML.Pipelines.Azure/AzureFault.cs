using System.Globalization;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace ML.Pipelines.Azure;

/// <summary>What the service and the SDK throw, as faults that name the place and what to do.</summary>
/// <remarks>The SDK's own exceptions are not kept as causes: their texts quote requests, and requests carry signatures.</remarks>
internal static class AzureFault
{
    private const int Unauthorized = 401, Forbidden = 403, RequestTimeout = 408, TooManyRequests = 429, FirstOfServer = 500;

    /// <summary>Whether an exception is the SDK's.</summary>
    public static bool IsOne(Exception fault) =>
        fault is RequestFailedException or AggregateException or AuthenticationFailedException or OperationCanceledException;

    /// <summary>The fault that a run ends with.</summary>
    /// <param name="fault">What the SDK threw.</param>
    /// <param name="place">The address that was used.</param>
    /// <param name="patience">How long the service was tried.</param>
    public static PipelineException Of(Exception fault, string place, TimeSpan patience) => Last(fault) switch
    {
        AuthenticationFailedException cause => new(ErrorCode.StoreForbidden,
            $"{place}: no credentials were found: {FirstLine(cause.Message)} Set AZURE_STORAGE_CONNECTION_STRING or "
            + "AZURE_STORAGE_SAS_TOKEN, sign in with 'az login', or give the machine an identity."),
        RequestFailedException { Status: Unauthorized or Forbidden } cause => new(ErrorCode.StoreForbidden,
            $"{place}: the service refused ({Name(cause)}). Check that the key or SAS is the account's, is valid now and may read, add, "
            + "create, write, delete and list, or that the identity has the role Storage Blob Data Contributor."),
        RequestFailedException { Status: > 0 and < FirstOfServer and not (RequestTimeout or TooManyRequests) } cause =>
            Refused(cause, place),
        var cause => new(ErrorCode.StoreUnreachable,
            $"{place} could not be reached for {Seconds(patience)} s ({Reason(cause)}). Check the network and the account's name; the same "
            + "command continues the run."),
    };

    /// <summary>A container that cannot be made.</summary>
    public static PipelineException NoContainer(RequestFailedException fault, AzureLocation location) => new(ErrorCode.Configuration,
        $"The container '{location.Container}' is not in the account '{location.Account}', and the service refused to make it "
        + $"({Name(fault)}). Make it (az storage container create --account-name {location.Account} --name {location.Container}), or "
        + "correct the name.");

    private static PipelineException Refused(RequestFailedException fault, string place)
    {
        if (fault.ErrorCode == BlobErrorCode.ContainerNotFound)
            return new(ErrorCode.Output, $"{place}: its container was deleted. Make it again, or choose another --output.");
        if (fault.ErrorCode == BlobErrorCode.InvalidBlobType)
            return new(ErrorCode.DamagedFile, $"{place}: another program made this blob, or left half a line in it. Move it away.");
        return new(ErrorCode.Output, $"{place}: the service refused ({Name(fault)}). Check that nothing else works on the blobs there.");
    }

    // Of several tries, the last one tells what is wrong now.
    private static Exception Last(Exception fault) =>
        fault is AggregateException { InnerExceptions: [.., var last] } ? Last(last) : fault;

    private static string Name(RequestFailedException fault) =>
        string.Create(CultureInfo.InvariantCulture, $"{fault.Status} {fault.ErrorCode ?? "without a code"}");

    private static string Reason(Exception fault) => fault switch
    {
        RequestFailedException { Status: > 0 } answer => Name(answer),
        OperationCanceledException => "no answer in time",
        _ => FirstLine(fault.GetBaseException().Message),
    };

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
