using System.Text;
using System.Text.Json;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;
using ML.Pipelines.Tests.Compression;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Tests.Traces;

[TestClass]
public class DataSchemasTests
{
    public static IEnumerable<object[]> Names => DataSchemas.All.Select(schema => new object[] { schema.Name });

    public static IEnumerable<object[]> InputNames =>
        DataSchemas.All.Where(schema => schema.IsInput).Select(schema => new object[] { schema.Name });

    [TestMethod]
    public void Every_file_of_data_schemas_is_a_schema_of_its_name() => CollectionAssert.AreEquivalent(
        Directory.GetFiles(Path.Combine(Repository.Root, "data-schemas")).Select(Path.GetFileName).ToArray(),
        DataSchemas.All.Select(schema => schema.Name + ".json").ToArray());

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_schema_says_what_it_is_and_what_each_column_holds(string name)
    {
        var schema = DataSchemas.Get(name);
        string[] docs = [schema.Title, schema.Source, schema.About, .. schema.Columns.Select(column => column.About)];
        Assert.DoesNotContain("", docs.Select(doc => doc.Trim()).ToArray());
        Assert.HasCount(schema.Columns.Count, schema.Columns.Select(column => column.Name).Distinct().ToArray());
        foreach (var column in schema.Columns) Assert.IsNotNull(column.DataViewType);
    }

    [TestMethod]
    [DynamicData(nameof(InputNames))]
    public void A_row_schema_maps_question_and_reasoning_and_names_only_fields_and_own_columns(string name)
    {
        var schema = DataSchemas.Get(name);
        Assert.Contains(TraceColumns.Question, schema.Map.Keys.ToArray());
        Assert.Contains(TraceColumns.Reasoning, schema.Map.Keys.ToArray());
        Assert.IsEmpty(schema.Map.Keys.Except(TraceColumns.All));
        var expressions = schema.Map.Values.SelectMany(text => MapExpression.ParseAll(text, name));
        Assert.IsEmpty(expressions.Select(expression => expression.Source.Column).Except([.. schema.Columns.Select(column => column.Name), TraceColumns.Id, TraceColumns.Answer]));
    }

    [TestMethod]
    [DynamicData(nameof(InputNames))]
    public void A_row_schema_is_recognised_by_its_required_columns(string name)
    {
        var schema = DataSchemas.Get(name);
        var columns = schema.Columns.Where(column => column.Required).Select(column => new RowColumn(column.Name, column.DataViewType));
        Assert.AreEqual(name, SchemaMatcher.Match([.. columns]).Name);
    }

    [TestMethod]
    [DynamicData(nameof(InputNames))]
    public void A_row_schema_is_recognised_by_all_its_columns_and_binds_to_them(string name)
    {
        var columns = DataSchemas.Get(name).Columns.Select(column => new RowColumn(column.Name, column.DataViewType)).ToArray();
        Assert.AreEqual(name, TraceMapResolver.Resolve(columns, new()).Schema!.Name);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Every_schema_is_in_the_documentation(string name) =>
        Assert.Contains($"`{name}`", File.ReadAllText(Path.Combine(Repository.Root, "docs", "traces.md")));

    [TestMethod]
    [DynamicData(nameof(InputNames))]
    public void The_documentation_shows_every_map_as_it_is(string name)
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "docs", "traces.md"));
        var row = lines.First(line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal));
        foreach (var (field, expression) in DataSchemas.Get(name).Map.Where(entry => entry.Value.Length > 0 && entry.Key != entry.Value))
            Assert.Contains($"{field} ← `{expression.Replace("|", "\\|", StringComparison.Ordinal)}`", row);
    }

    [TestMethod]
    public void The_contract_of_traces_is_what_the_adapter_writes()
    {
        using var data = new TraceData();
        IsWritten("reasoning-trace", data.Adapt(data.Load("""{"question":"2+2?","reasoning":"Two and two."}""")));
        CollectionAssert.AreEqual(DataSchemas.Get("reasoning-trace").Columns.Select(column => column.Name).ToArray(), TraceColumns.All.ToArray());
    }

    [TestMethod]
    public void The_contract_of_evidence_is_what_runs_write() => IsWritten("step-evidence", StepEvidence.ToDataView([]));

    [TestMethod]
    public void The_contract_of_attempts_is_what_runs_write() => IsWritten("attempt-evidence", AttemptTable.ToDataView([]));

    [TestMethod]
    public void The_contract_of_compressed_chains_is_what_compression_writes()
    {
        using var data = new TraceData();
        var rows = data.Load("""{"question":"2+2?","reasoning":"Two and two."}""");
        var view = new MLContext().TrainingSets().CompressBySelfInformation("compressed", null, new FakeWordScorer()).Fit(rows).Transform(rows);
        IsWritten("compressed", view, ridingAlong: 2);
    }

    [TestMethod]
    public void The_contract_of_quarantine_is_what_runs_write() => IsWritten("quarantine", QuarantinedRow.ToDataView([]));

    [TestMethod]
    public void The_contracts_of_formats_are_what_they_write_after_the_columns_that_ride_along()
    {
        using var data = new TraceData();
        var rows = data.Load(
            """{"question":"q","answer":"5","reasoning":"a b","short":"a","chains":["5"],"long_chains":["5"],"short_chains":["6"]}""");
        var sets = data.Context.TrainingSets(data.Rejects);
        IsWritten("mixed-chains", sets.FormatMixChain("chain").Fit(rows).Transform(rows), ridingAlong: 6);
        IsWritten("preference-pairs", sets.FormatBilevelPreferences().Fit(rows).Transform(rows), ridingAlong: 5);
        IsWritten("preference-pairs", sets.FormatStepwisePreferences().Fit(rows).Transform(rows), ridingAlong: 6);
        IsWritten("litecot", sets.FormatLiteCot(new() { SolutionColumn = "answer" }).Fit(rows).Transform(rows), ridingAlong: 4);
        IsWritten("conditioned", sets.FormatConditioned().Fit(rows).Transform(rows), ridingAlong: 5);
    }

    [TestMethod]
    [DataRow("text", "String")]
    [DataRow("int32", "Int32")]
    [DataRow("list<text>", "Vector<String>")]
    [DataRow("list<struct<from: text, n: int64>>", "List<from: String, n: Int64>")]
    public void A_type_name_is_a_data_view_type(string name, string type) => Assert.AreEqual(type, DataSchemaTypes.Parse(name).ToString());

    [TestMethod]
    public void Messages_and_their_structs_are_the_same_type() =>
        Assert.AreSame(DataSchemaTypes.Parse("messages"), DataSchemaTypes.Parse("list<struct<role: text, content: text>>"));

    [TestMethod]
    [DataRow("string")]
    [DataRow("list<list<text>>")]
    [DataRow("list<struct<a>>")]
    public void Another_type_name_is_refused(string name) => Assert.ThrowsExactly<FormatException>(() => DataSchemaTypes.Parse(name));

    [TestMethod]
    public void A_member_that_no_schema_has_is_refused() => Assert.ThrowsExactly<JsonException>(() => DataSchemas.Parse("x",
        new MemoryStream(Encoding.UTF8.GetBytes("""{"title":"x","source":"x","about":"x","columns":[],"maps":{}}"""))));

    [TestMethod]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => DataSchemas.Get("limo2"));
        Assert.AreEqual(ErrorCode.UnknownSchema, fault.Code);
        Assert.Contains("gsm8k, limo, litecot", fault.Message);
    }

    private static void IsWritten(string schema, IDataView view, int ridingAlong = 0)
    {
        var contract = DataSchemas.Get(schema).Columns;
        Assert.AreSequenceEqual(contract.Select(column => column.Name), TraceData.ColumnNames(view).Skip(ridingAlong));
        foreach (var column in contract)
        {
            // A list of a class of its own is in a file the list of its structs.
            Assert.AreEqual(column.DataViewType.ToString(), view.Schema[column.Name].Type.ToString());
            Assert.AreEqual(column.Nullable, Nulls.CompanionOf(view.Schema, view.Schema[column.Name]) is not null, column.Name);
        }
    }
}
