using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Stages;

/// <summary>Stages as estimators and transformers among ML.NET's own.</summary>
[TestClass]
public sealed class StageEstimatorTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly RecordingRejectSink _rejects = new();

    [TestMethod]
    public void A_chain_runs_ml_nets_mappings_before_and_after_a_stage()
    {
        var chain = _ml.Transforms.CustomMapping<Sample, Shifted>((source, target) => target.Number = source.Number + 100, null)
            .Append(Estimator())
            .Append(_ml.Transforms.CustomMapping<Quoted, Longer>((source, target) => target.Value = $"{source.Out}!", null));
        var view = chain.Fit(Fake.Rows(_ml, 3)).Transform(Fake.Rows(_ml, 3));
        CollectionAssert.AreEqual(new[] { "100, '<100>', '<100>!'", "102, '<102>', '<102>!'" }, RowText.Of(view, "Number", "Out", "Longer").ToArray());
        Assert.AreEqual("row 101", _rejects.DroppedRows.Single().Row.RowId);
    }

    [TestMethod]
    public void Rows_of_a_chain_come_as_a_row_class()
    {
        var view = Estimator().Append(_ml.Transforms.CopyColumns("Copy", "Turns")).Fit(Fake.Rows(_ml, 4)).Transform(Fake.Rows(_ml, 4));
        var rows = _ml.Data.CreateEnumerable<Result>(view, reuseRowObject: false).ToArray();
        CollectionAssert.AreEqual(new[] { "<0>", "<2>" }, rows.Select(row => row.Out).ToArray());
        Assert.HasCount(0, rows[0].Copy);
    }

    [TestMethod]
    public void Stages_follow_each_other()
    {
        var chain = Estimator().Append(Estimator(output: "Again", drops: n => n == 4));
        var view = chain.Fit(Fake.Rows(_ml, 6)).Transform(Fake.Rows(_ml, 6));
        CollectionAssert.AreEqual(new[] { "0, '<0>', '<0>'", "2, '<2>', '<2>'" }, RowText.Of(view, "Number", "Out", "Again").ToArray());
        CollectionAssert.AreEquivalent(new[] { "row 1", "row 3", "row 5", "row 4" }, _rejects.DroppedRows.Select(entry => entry.Row.RowId).ToArray());
    }

    [TestMethod]
    public void Filtering_taking_and_caching_work_on_a_stages_rows()
    {
        var view = Estimator().Fit(Fake.Rows(_ml, 10)).Transform(Fake.Rows(_ml, 10));
        CollectionAssert.AreEqual(new[] { "'<0>'", "'<2>'" }, RowText.Of(_ml.Data.TakeRows(view, 2), "Out").ToArray());
        CollectionAssert.AreEqual(RowText.Of(view).ToArray(), RowText.Of(_ml.Data.Cache(view)).ToArray());
        CollectionAssert.AreEqual(new[] { "6", "8" }, RowText.Of(_ml.Data.SkipRows(view, 3), "Number").ToArray());
    }

    [TestMethod]
    public void A_missing_column_is_refused_when_the_chain_is_fitted()
    {
        var chain = _ml.Transforms.DropColumns("Number").Append(Estimator());
        var fault = Assert.ThrowsExactly<PipelineException>(() => chain.Fit(Fake.Rows(_ml, 1)));
        Assert.AreEqual(ErrorCode.MissingColumn, fault.Code);
        StringAssert.Contains(fault.Message, "Column 'Number' (numberColumn) is not there. Columns: Text, Features, Words, Turns.");
    }

    [TestMethod]
    public void The_output_schema_is_that_of_the_transformed_view()
    {
        var transformer = Estimator().Fit(Fake.Rows(_ml, 1));
        var (told, got) = (transformer.GetOutputSchema(Fake.Rows(_ml, 1).Schema), transformer.Transform(Fake.Rows(_ml, 1)).Schema);
        CollectionAssert.AreEqual(got.Select(column => $"{column.Name} {column.Type}").ToArray(), told.Select(column => $"{column.Name} {column.Type}").ToArray());
    }

    [TestMethod]
    public void A_stage_is_no_row_to_row_mapper()
    {
        var transformer = Estimator().Fit(Fake.Rows(_ml, 1));
        Assert.IsFalse(transformer.IsRowToRowMapper);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => transformer.GetRowToRowMapper(Fake.Rows(_ml, 1).Schema)).Message, "may drop rows");
    }

    [TestMethod]
    public void Saving_points_to_the_job_file()
    {
        var transformer = Estimator().Fit(Fake.Rows(_ml, 1));
        var fault = Assert.ThrowsExactly<NotSupportedException>(() => transformer.Save(null!));
        StringAssert.Contains(fault.Message, "job file");
        StringAssert.Contains(fault.Message, "mlpipe");
    }

    [TestMethod]
    public void Without_a_sink_rows_that_leave_are_warnings_in_the_log()
    {
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.RawMessage);
        var view = new DroppingEstimator(_ml.TrainingSets().Stages, "Out", n => n == 1).Fit(Fake.Rows(_ml, 2)).Transform(Fake.Rows(_ml, 2));
        RowText.Of(view);
        CollectionAssert.Contains(log, "fake: row row 1 dropped: unwanted");
    }

    private DroppingEstimator Estimator(string output = "Out", Func<int, bool>? drops = null) =>
        new(_ml.TrainingSets(_rejects).Stages, output, drops ?? (n => n % 2 == 1));

    private sealed class DroppingEstimator(StageContext context, string output, Func<int, bool> drops) : StageEstimator<int, string>(context)
    {
        private protected override IEnumerable<(string Name, string Option)> RequiredColumns => [("Number", "numberColumn")];

        private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes => [(output, TextDataViewType.Instance)];

        private protected override StageBinding<int, string> Bind(IDataView input) =>
            Fake.Binding(FakeStage.Each(n => drops(n) ? StageOutcome<string>.Dropped("unwanted") : StageOutcome<string>.Kept($"<{n}>")), batchSize: 2)
                with
            { Outputs = _ => [OutputColumn<string>.Text(output, text => text)] };
    }

    private sealed class Shifted
    {
        public int Number { get; set; }
    }

    private sealed class Quoted
    {
        public string Out { get; set; } = "";
    }

    private sealed class Longer
    {
        [ColumnName("Longer")]
        public string Value { get; set; } = "";
    }

    private sealed class Result
    {
        public string Out { get; set; } = "";

        [Messages]
        public IReadOnlyList<Message> Copy { get; set; } = [];
    }
}
