using System.CommandLine;
using System.Text.Json;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli.Tests.Commands;

[TestClass]
public sealed class SchemaCommandTests
{
    [TestMethod]
    public void The_schema_is_json_of_the_draft_that_it_names()
    {
        using var schema = JsonDocument.Parse(Output());
        Assert.AreEqual("https://json-schema.org/draft/2020-12/schema", schema.RootElement.GetProperty("$schema").GetString());
    }

    [TestMethod]
    public void Markdown_is_the_page_of_the_docs() => Assert.AreEqual(JobDocument.Text(), Output("--markdown"));

    private static string Output(params string[] arguments)
    {
        using var output = new StringWriter();
        Assert.AreEqual(ExitCode.Done, SchemaCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output }));
        return output.ToString();
    }
}
