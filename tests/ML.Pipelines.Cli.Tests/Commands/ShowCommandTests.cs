using System.CommandLine;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Cli.Tests.Display;

namespace ML.Pipelines.Cli.Tests.Commands;

[TestClass]
public sealed class ShowCommandTests
{
    [TestMethod]
    public void The_first_trace_is_shown_unless_another_is_asked_for()
    {
        Assert.AreEqual((ExitCode.Done, TraceView.Plain(Trace("a")), ""), Run());
        Assert.AreEqual((ExitCode.Done, TraceView.Plain(Trace("b")), ""), Run("--row", "2"));
        Assert.AreEqual((ExitCode.Done, TraceView.Plain(Trace("c")), ""), Run("--id", "c"));
    }

    [TestMethod]
    public void Only_removed_steps_are_shown_on_demand() =>
        Assert.AreEqual((ExitCode.Done, TraceView.Plain(Trace("a"), removedOnly: true), ""), Run("--removed-only"));

    [TestMethod]
    public void An_id_that_the_run_lacks_is_bad_input_and_the_error_names_some_that_it_has() =>
        Assert.AreEqual((ExitCode.BadInput, "", "--id: the run has no trace 'x␛'. Its ids are a, b, c, d, e, ….\n"), Run("--id", "x\e"));

    [TestMethod]
    [DataRow("0")]
    [DataRow("7")]
    [DataRow("-1")]
    public void A_row_that_the_run_lacks_is_bad_input(string row) =>
        Assert.AreEqual((ExitCode.BadInput, "", $"--row: {row} is not in 1..6, the traces of the run.\n"), Run($"--row={row}"));

    [TestMethod]
    public void A_terminal_gets_colours_unless_plain_is_asked_for()
    {
        using var writer = new StringWriter();
        ShowCommand.Run(new Run6(), new ShowOptions(), SampleTraces.Terminal(writer), TextWriter.Null);
        Assert.Contains("\e[9;93m", writer.ToString());
        using var plain = new StringWriter();
        ShowCommand.Run(new Run6(), new ShowOptions(Plain: true), SampleTraces.Terminal(plain), TextWriter.Null);
        Assert.AreEqual(TraceView.Plain(Trace("a")), plain.ToString());
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter { NewLine = "\n" };
        var command = ShowCommand.Create(folder => folder == "out" ? new Run6() : throw new ArgumentException(folder));
        var code = command.Parse(["out", .. arguments]).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private static RunTrace Trace(string id) => SampleTraces.Small with { Id = id };

    private sealed class Run6 : IRunReader
    {
        public IEnumerable<string> Ids => ["a", "b", "c", "d", "e", "f"];

        public RunTrace? Find(string id) => Ids.Contains(id) ? Trace(id) : null;
    }
}
