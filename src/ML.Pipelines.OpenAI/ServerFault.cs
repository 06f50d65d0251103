using System.Text.RegularExpressions;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.OpenAI;

/// <summary>What servers answer and transports throw, as typed faults that name the place and what to do.</summary>
/// <remarks>Exceptions of the SDK are not kept as causes, and what a server says to a wrong key is not quoted: either may hold a part of
/// it.</remarks>
internal static partial class ServerFault
{
    private const RegexOptions Words =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace;

    private const int PaymentRequired = 402, RequestTimeout = 408, Conflict = 409, TooEarly = 425, TooManyRequests = 429,
        FirstOfServer = 500, NotImplemented = 501,
        Unavailable = 503, SiteOverloaded = 529;

    /// <summary>The fault of an answer that is an error.</summary>
    public static TeacherFaultException Of(ErrorAnswer answer, ServerConnection connection)
    {
        var kind = Kind(answer);
        var said = connection.Quote($"{answer.Code} {answer.Message}");
        var message = FormattableString.Invariant($"{connection.Place}: {answer.Status}{Advice(kind, said, connection.Server)}");
        return new TeacherFaultException(kind, message, answer.RetryAfter);
    }

    /// <summary>The fault of a request that got no whole answer.</summary>
    public static TeacherFaultException Of(Exception fault, ServerConnection connection)
    {
        var cause = Transport(fault);
        var connecting = cause is TimeoutException
            || (cause is HttpRequestException { HttpRequestError: var error } && IsOfConnecting(error));
        return connecting
            ? new(TeacherFaultKind.Unreachable,
                $"{connection.Place} cannot be reached: {connection.Quote(cause!.Message)} Check the address and the network.")
            : new(TeacherFaultKind.BrokenReply,
                $"{connection.Place}: the answer is cut or not of the protocol: {connection.Quote((cause ?? fault).Message)}");
    }

    private static bool IsOfConnecting(HttpRequestError error) => error is HttpRequestError.ConnectionError
        or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private static Exception? Transport(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            if (fault is HttpRequestException or TimeoutException) return fault;
        return null;
    }

    private static TeacherFaultKind Kind(ErrorAnswer answer)
    {
        var said = $"{answer.Code} {answer.Message}";
        return answer.Status switch
        {
            401 or 403 => TeacherFaultKind.Unauthorized,
            PaymentRequired => TeacherFaultKind.Quota,
            TooManyRequests => NoCredit().IsMatch(said) ? TeacherFaultKind.Quota : TeacherFaultKind.Throttled,
            RequestTimeout or Conflict or TooEarly => TeacherFaultKind.ServerError,
            Unavailable or SiteOverloaded => TeacherFaultKind.Overloaded,
            NotImplemented => TeacherFaultKind.Unsupported,
            // llama.cpp says so with 500 or 400: to make the call again would be in vain.
            _ when Unsupported().IsMatch(said) => TeacherFaultKind.Unsupported,
            >= FirstOfServer => TeacherFaultKind.ServerError,
            // Some servers say 404 of a model, and some 400.
            _ when NoModel().IsMatch(said) => TeacherFaultKind.UnknownModel,
            404 or 405 or (>= 300 and < 400) => TeacherFaultKind.UnknownEndpoint,
            _ when TooLong().IsMatch(said) => TeacherFaultKind.ContextOverflow,
            _ when Filter().IsMatch(answer.Code) => TeacherFaultKind.Filtered,
            _ => TeacherFaultKind.BadRequest,
        };
    }

    private static string Advice(TeacherFaultKind kind, string said, OpenAIServer server) => kind switch
    {
        TeacherFaultKind.Unauthorized => ": the server refuses the key. " + (server.KeyVariable is { } name
            ? $"Check that {name} holds a key that is valid now, and that {nameof(OpenAIServer.KeyHeader)} is the one the server reads."
            : $"Name the environment variable that holds one in {nameof(OpenAIServer.KeyVariable)}."),
        TeacherFaultKind.UnknownModel => $": the server does not serve this model: {said} Correct {nameof(OpenAIServer.Model)} (in job files: served).",
        TeacherFaultKind.UnknownEndpoint =>
            $": nothing is served there. {nameof(OpenAIServer.Endpoint)} is what comes before /chat/completions, usually ending in /v1.",
        TeacherFaultKind.Unsupported => $": the server cannot do what is asked: {said} Leave that out, or take another server. Scoring needs one whose "
            + "/v1/completions has echo and logprobs, for example vLLM or SGLang.",
        TeacherFaultKind.Quota =>
            $": the account has no credit left: {said} Sealed shards and paid replies are kept; the same command continues the run.",
        TeacherFaultKind.Throttled => $": the server turns calls away: {said} Set requests and tokens a minute to what the account allows.",
        TeacherFaultKind.ContextOverflow =>
            $": the prompt with its reply does not fit the model: {said} Shorten the row, or allow fewer output tokens.",
        TeacherFaultKind.Filtered => ": a content filter refused the prompt. Drop the row, or ask another teacher.",
        TeacherFaultKind.BadRequest => $": the server refuses the request: {said} Leave out the option that it does not know.",
        _ => $": {said}",
    };

    [GeneratedRegex("""
        insufficient_quota | billing | credit\ balance | insufficient\ (?:balance|credits|funds) | exceeded\ your\ current\ quota
        """, Words)]
    private static partial Regex NoCredit();

    [GeneratedRegex("""
        model_not_found | DeploymentNotFound | model\ not\ (?:exist|found) | (?:unknown|invalid|no\ such)\ model\b | not\ a\ valid\ model
        | \bmodel\b.{0,200}\b(?:does\ not\ exist|not\ found|not\ available|is\ not\ supported|unknown)
        """, Words)]
    private static partial Regex NoModel();

    // OpenAI, Azure, vLLM (three wordings), SGLang, llama.cpp, TGI, Mistral, Gemini.
    [GeneratedRegex("""
        context_length_exceeded | exceed_context_size | string_above_max_length | maximum\ context\ length | maximum\ model\ length
        | model's\ context\ length | context\ (?:size|window|length)\ (?:has\ been\ )?exceeded | exceeds\ the\ available\ context
        | exceeds?\ the\ (?:model's\ )?(?:maximum\ )?context | too\ long\ to\ fit\ into\ the\ model | (?:prompt|input)\ is\ too\ long
        | too\ large\ for\ model\ with\ \d+\ maximum\ context | exceeds\ the\ maximum\ number\ of\ tokens
        | inputs.\ tokens\ \+\ .max_new_tokens.\ must\ be
        """, Words)]
    private static partial Regex TooLong();

    [GeneratedRegex(@"\b(?:unsupported\ param(?:eter)?|(?:echo|logprobs)\b.{0,60}\bnot\ (?:supported|implemented|allowed))\b", Words)]
    private static partial Regex Unsupported();

    [GeneratedRegex("content_filter | content_policy | ResponsibleAIPolicyViolation | content_management", Words)]
    private static partial Regex Filter();
}
