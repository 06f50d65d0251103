using FsCheck;
using FsCheck.Fluent;

namespace ML.Pipelines.Azure.Tests;

[TestClass]
public sealed class AzureLocationTests
{
    private const string Secret = "c2VjcmV0";

    private static readonly Gen<char> Letter = Gen.Elements("abcxyz0189".ToCharArray());

    private static readonly Gen<string> Account = Text(Letter, 3, 24);

    private static readonly Gen<string> Container =
        Text(Letter, 1, 9).NonEmptyListOf().Select(parts => string.Join('-', parts)).Where(name => name.Length is >= 3 and <= 63);

    private static readonly Gen<string> Part =
        Text(Gen.Elements("aZ09 .-_=+%#&;:@'(,é日".ToCharArray()), 1, 12).Where(text => text[^1] != '.');

    private static readonly Gen<string> Prefix = Part.ListOf().Select(parts => string.Join('/', parts.Take(5)));

    [TestMethod]
    [DataRow("azure://account/container", "account", "container", "")]
    [DataRow("azure://account/container/", "account", "container", "")]
    [DataRow("azure://account/container/runs/first/", "account", "container", "runs/first")]
    [DataRow("azure://devstoreaccount1/my-runs/2026 11/pir=0.3", "devstoreaccount1", "my-runs", "2026 11/pir=0.3")]
    public void An_address_is_taken_apart(string text, string account, string container, string prefix) =>
        Assert.AreEqual(new AzureLocation(account, container, prefix), AzureLocation.Parse(text));

    [TestMethod]
    [DataRow("", "does not start with azure://")]
    [DataRow("out/run", "does not start with azure://")]
    [DataRow("https://account.blob.core.windows.net/container", "does not start with azure://")]
    [DataRow("AZURE://account/container", "does not start with azure://")]
    [DataRow("azure://account", "names no container")]
    [DataRow("azure://account/", "names no container")]
    [DataRow("azure:///container", "an account's name")]
    [DataRow("azure://ab/container", "an account's name")]
    [DataRow("azure://Account/container", "an account's name")]
    [DataRow("azure://account.blob.core.windows.net/container", "an account's name")]
    [DataRow("azure://account/co", "a container's name")]
    [DataRow("azure://account/Container", "a container's name")]
    [DataRow("azure://account/a--b", "a container's name")]
    [DataRow("azure://account/container-/x", "a container's name")]
    [DataRow("azure://account/container\n/x", "a container's name")]
    [DataRow("azure://account/$root/x", "a container's name")]
    [DataRow("azure://account/container//x", "a part of its prefix")]
    [DataRow("azure://account/container/a/../b", "a part of its prefix")]
    [DataRow("azure://account/container/a./b", "a part of its prefix")]
    [DataRow("azure://account/container/a\\b", "a part of its prefix")]
    [DataRow("azure://account/container/a\tb", "a part of its prefix")]
    [DataRow("azure://account/container/a\ud83d", "a part of its prefix")]
    public void What_is_no_address_is_refused_with_the_rule(string text, string rule)
    {
        var fault = Throws(text);
        Assert.Contains(rule, fault.Message);
        Assert.Contains("Write azure://account/container/prefix.", fault.Message);
    }

    [TestMethod]
    public void A_prefix_that_leaves_no_room_for_names_is_refused() =>
        Assert.Contains("more than 800 characters", Throws("azure://account/container/" + new string('a', 801)).Message);

    [TestMethod]
    [DataRow("azure://account/container/prefix?sv=2025&sig=" + Secret)]
    [DataRow("azure://account/container?sig=" + Secret)]
    [DataRow("azure://account:" + Secret + "@host/container")]
    [DataRow("DefaultEndpointsProtocol=https;AccountName=account;AccountKey=" + Secret)]
    [DataRow("https://account.blob.core.windows.net/container?sig=" + Secret)]
    [DataRow("azure://account;AccountKey=" + Secret + "/container")]
    public void A_secret_in_an_address_is_refused_and_not_told(string text) => Assert.DoesNotContain(Secret, Throws(text).ToString());

    [TestMethod]
    public void An_address_that_is_written_is_read_to_the_same() => Check(
        from account in Account
        from container in Container
        from prefix in Prefix
        from slashes in Gen.Choose(0, 2)
        select (location: new AzureLocation(account, container, prefix), slashes),
        c => AzureLocation.Parse(c.location + new string('/', c.slashes)) == c.location);

    [TestMethod]
    public void Any_text_is_an_address_that_reads_to_itself_or_refused() => Check(
        from start in Gen.Elements("", "azure:/", "azure://", "azure://abc/", "azure://abc/def", "azure://abc/def/")
        from rest in Text(Gen.OneOf(Letter, Gen.Elements("/.-?\\\0 Aé\ud83d\ude00".ToCharArray())), 0, 20)
        select start + rest,
        text => Parse(text) is not { } location || location.ToString() == text.TrimEnd('/'));

    [TestMethod]
    public void Names_of_blobs_are_below_the_prefix() => Check(
        from account in Account from container in Container from prefix in Prefix select new AzureLocation(account, container, prefix),
        location => $"azure://{location.Account}/{location.Container}/{location.BlobName("data/x")}" == $"{location}/data/x");

    [TestMethod]
    public void A_query_is_never_told() => Check(
        from account in Account from container in Container from prefix in Prefix select $"azure://{account}/{container}/{prefix}",
        address => !Throws($"{address}?sv=1&sig={Secret}").ToString().Contains(Secret, StringComparison.Ordinal));

    private static AzureLocation? Parse(string text)
    {
        try
        {
            return AzureLocation.Parse(text);
        }
        catch (PipelineException fault) when (fault.Code == ErrorCode.Configuration)
        {
            return null;
        }
    }

    private static PipelineException Throws(string text)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => AzureLocation.Parse(text));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        return fault;
    }

    private static Gen<string> Text(Gen<char> characters, int least, int most) =>
        from length in Gen.Choose(least, most) from text in characters.ArrayOf(length) select new string(text);

    private static void Check<T>(Gen<T> cases, Func<T, bool> property) =>
        Prop.ForAll(cases.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(20));
}
