using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Stages;

/// <summary>Cursors of a stage's view: what they read, how they fail, how they end.</summary>
[TestClass]
public sealed class StageCursorTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly RecordingRejectSink _rejects = new();

    [TestMethod]
    public void Only_the_columns_needed_and_the_stages_inputs_are_read_upstream()
    {
        var input = new SpyDataView(Fake.Rows(_ml, 3));
        var view = Fake.Binding(FakeStage.OneToOne).Transform(input);
        RowText.Of(view, "Out");
        RowText.Of(view, "Words");
        RowText.Of(view, "Number", "Out");
        CollectionAssert.AreEqual(new[] { "Number", "Number Words", "Number" }, input.ColumnsAsked.Select(names => string.Join(' ', names)).ToArray());
    }

    [TestMethod]
    public void Creating_and_asking_for_the_schema_reads_nothing()
    {
        var input = new SpyDataView(Fake.Rows(_ml, 3));
        var stage = FakeStage.OneToOne;
        var view = Fake.Binding(stage).Transform(input);
        Assert.IsNull(view.GetRowCount());
        Assert.IsFalse(view.CanShuffle);
        Assert.IsEmpty(input.ColumnsAsked);
        Assert.AreEqual(0, stage.Batches);
    }

    [TestMethod]
    public void Several_cursors_at_once_each_make_a_pass_of_their_own()
    {
        var view = Fake.Binding(FakeStage.OneToOne, batchSize: 3, inFlight: 2).Transform(Fake.Rows(_ml, 40));
        using var slow = view.GetRowCursor(view.Schema);
        using var fast = view.GetRowCursor(view.Schema);
        var (readSlow, readFast) = (RowText.Reader(slow), RowText.Reader(fast));
        var (fromSlow, fromFast) = (new List<string>(), new List<string>());
        while (slow.MoveNext())
        {
            fromSlow.Add(readSlow());
            for (var i = 0; i < 3 && fast.MoveNext(); i++) fromFast.Add(readFast());
        }
        CollectionAssert.AreEqual(Enumerable.Range(0, 40).Select(n => Sample.Line(n, $"<{n}>")).ToArray(), fromSlow);
        CollectionAssert.AreEqual(fromSlow, fromFast);
    }

    [TestMethod]
    public void Cursors_on_several_threads_each_give_all_rows()
    {
        var view = Fake.Binding(FakeStage.OneToOne, batchSize: 3, inFlight: 3).Transform(Fake.Rows(_ml, 60));
        var expected = RowText.Of(view).ToArray();
        Parallel.For(0, 8, _ => CollectionAssert.AreEqual(expected, RowText.Of(view).ToArray()));
    }

    [TestMethod]
    public void A_cursor_set_is_one_cursor()
    {
        var view = Fake.Binding(FakeStage.OneToOne).Transform(Fake.Rows(_ml, 3));
        using var cursor = view.GetRowCursorSet(view.Schema, 8).Single();
        Assert.IsTrue(cursor.MoveNext());
    }

    [TestMethod]
    public void No_more_batches_are_in_flight_than_allowed()
    {
        var (running, most) = (0, 0);
        var stage = new FakeStage(async (rows, _) =>
        {
            lock (_ml) most = Math.Max(most, ++running);
            await Task.Yield();
            lock (_ml) running--;
            return FakeStage.Outcomes(rows);
        });
        RowText.Of(Fake.Binding(stage, batchSize: 1, inFlight: 3).Transform(Fake.Rows(_ml, 200)));
        Assert.IsLessThanOrEqualTo(3, most);
        Assert.AreEqual(200, stage.Batches);
    }

    [TestMethod]
    public void An_inactive_column_has_no_getter()
    {
        using var cursor = Fake.Open(Fake.Binding(FakeStage.OneToOne).Transform(Fake.Rows(_ml, 1)), "Number");
        var fault = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Out"]));
        Assert.AreEqual("requested column not active (Parameter 'column')", fault.Message);
        Assert.IsFalse(cursor.IsColumnActive(cursor.Schema["Out"]));
        Assert.IsTrue(cursor.IsColumnActive(cursor.Schema["Number"]));
    }

    [TestMethod]
    [DataRow("Out", "Invalid TValue in GetGetter for column #Out: String: 'System.Single', expected type: 'System.ReadOnlyMemory`1[System.Char]'.")]
    [DataRow("Number", "Invalid TValue in GetGetter for column #Number: Int32: 'System.Single', expected type: 'System.Int32'.")]
    public void A_getter_of_another_type_is_refused(string name, string message)
    {
        using var cursor = Fake.Open(Fake.Binding(FakeStage.OneToOne).Transform(Fake.Rows(_ml, 1)), name);
        Assert.AreEqual(message, Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(cursor.Schema[name])).Message);
    }

    [TestMethod]
    public void A_reader_may_write_into_the_vectors_it_was_given()
    {
        using var cursor = Fake.Open(Fake.Binding(FakeStage.OneToOne, batchSize: 2).Transform(Fake.Rows(_ml, 8)), "Features");
        var get = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Features"]);
        VBuffer<float> value = default;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            get(ref value);
            var editor = VBufferEditor.CreateFromBuffer(ref value);
            editor.Values.Fill(-1);
            get(ref value);
            CollectionAssert.AreEqual(Sample.Of(row).Features, value.DenseValues().ToArray());
        }
    }

    [TestMethod]
    public void A_fault_of_the_stage_comes_out_of_the_cursor_and_again_at_the_next_move()
    {
        var stage = FakeStage.Each(n => n == 5 ? throw new InvalidDataException("row 5") : StageOutcome<string>.Kept($"{n}"));
        using var cursor = Fake.Open(Fake.Binding(stage, batchSize: 2).Transform(Fake.Rows(_ml, 20)), "Out");
        for (var row = 0; row < 4; row++) Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual("row 5", Assert.ThrowsExactly<InvalidDataException>(() => cursor.MoveNext()).Message);
        Assert.AreEqual("row 5", Assert.ThrowsExactly<InvalidDataException>(() => cursor.MoveNext()).Message);
    }

    [TestMethod]
    public void A_fault_of_the_first_batch_comes_out_again_at_the_next_move()
    {
        using var cursor = Fake.Open(Fake.Binding(FakeStage.Each(_ => throw new InvalidDataException("all"))).Transform(Fake.Rows(_ml, 20)), "Out");
        Assert.ThrowsExactly<InvalidDataException>(() => cursor.MoveNext());
        Assert.ThrowsExactly<InvalidDataException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void A_fault_upstream_comes_out_of_the_cursor_and_again_at_the_next_move()
    {
        using var cursor = Fake.Open(Fake.Binding(FakeStage.OneToOne, batchSize: 4).Transform(new SpyDataView(Fake.Rows(_ml, 20), failsAt: 2)), "Out");
        Assert.AreEqual(SpyDataView.Fault, Assert.ThrowsExactly<IOException>(() => cursor.MoveNext()).Message);
        Assert.AreEqual(SpyDataView.Fault, Assert.ThrowsExactly<IOException>(() => cursor.MoveNext()).Message);
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1)]
    public void Another_number_of_outcomes_than_rows_is_an_invariant_broken(int difference)
    {
        var stage = new FakeStage((rows, _) => Task.FromResult<IReadOnlyList<StageOutcome<string>>>(
            [.. Enumerable.Repeat(StageOutcome<string>.Kept("x"), rows.Count + difference)]));
        var fault = Assert.ThrowsExactly<PipelineException>(() => RowText.Of(Fake.Binding(stage, batchSize: 4).Transform(Fake.Rows(_ml, 4))));
        Assert.AreEqual(ErrorCode.Invariant, fault.Code);
        Assert.AreEqual($"Stage 'fake' returned {4 + difference} outcomes for 4 rows.", fault.Message);
    }

    [TestMethod]
    public void An_outcome_that_was_not_set_is_an_invariant_broken()
    {
        var stage = FakeStage.Each(n => n == 1 ? default : StageOutcome<string>.Kept("x"));
        var fault = Assert.ThrowsExactly<PipelineException>(() => RowText.Of(Fake.Binding(stage).Transform(Fake.Rows(_ml, 4))));
        Assert.AreEqual(ErrorCode.Invariant, fault.Code);
        StringAssert.Contains(fault.Message, "no outcome for row row 1");
    }

    [TestMethod]
    public void Cancelling_stops_a_stage_that_waits()
    {
        using var cancellation = new CancellationTokenSource();
        var stage = new FakeStage(async (rows, token) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return FakeStage.Outcomes(rows);
        });
        var view = Fake.Binding(stage).Transform(Fake.Rows(_ml, 4), _rejects, cancellation.Token);
        Assert.Throws<OperationCanceledException>(() => RowText.Of(view));
        Assert.HasCount(0, _rejects.DroppedRows);
    }

    [TestMethod]
    public void Cancelling_between_rows_starts_no_more_batches()
    {
        using var cancellation = new CancellationTokenSource();
        var stage = FakeStage.OneToOne;
        using var cursor = Fake.Open(Fake.Binding(stage, batchSize: 1, inFlight: 2).Transform(Fake.Rows(_ml, 100), _rejects, cancellation.Token), "Out");
        Assert.IsTrue(cursor.MoveNext());
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
        {
            while (cursor.MoveNext()) { }
        });
        Assert.IsLessThanOrEqualTo(2, stage.Batches);
    }

    [TestMethod]
    public void Disposing_in_the_middle_cancels_the_batches_in_flight_and_closes_upstream()
    {
        var input = new SpyDataView(Fake.Rows(_ml, 100));
        var cancelled = new TaskCompletionSource();
        var stage = new FakeStage(async (rows, token) =>
        {
            if (rows[0] == 0) return FakeStage.Outcomes(rows);
            token.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, token);
            return FakeStage.Outcomes(rows);
        });
        var cursor = Fake.Open(Fake.Binding(stage, batchSize: 1, inFlight: 2).Transform(input), "Out");
        Assert.IsTrue(cursor.MoveNext());
        SpinWait.SpinUntil(() => stage.Batches == 2);
        cursor.Dispose();
        cursor.Dispose();
        cancelled.Task.Wait();
        Assert.AreEqual(0, input.Open);
    }

    [TestMethod]
    public void A_batch_that_fails_after_its_cursor_is_gone_leaves_no_unobserved_exception()
    {
        var unobserved = new List<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.AddRange(e.Exception.InnerExceptions.Select(fault => fault.Message));
        TaskScheduler.UnobservedTaskException += Note;
        var gates = FailAfterDispose();
        for (var i = 0; i < 10 && gates.Any(gate => gate.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        TaskScheduler.UnobservedTaskException -= Note;
        CollectionAssert.DoesNotContain(unobserved, "late");
    }

    [TestMethod]
    public void A_reader_that_refuses_a_column_closes_upstream()
    {
        var input = new SpyDataView(Fake.Rows(_ml, 1));
        var view = (Fake.Binding(FakeStage.OneToOne) with { Read = _ => throw new InvalidDataException() }).Transform(input);
        Assert.ThrowsExactly<InvalidDataException>(() => view.GetRowCursor(view.Schema));
        Assert.HasCount(1, input.ColumnsAsked);
        Assert.AreEqual(0, input.Open);
    }

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(-1, 1)]
    [DataRow(1, 0)]
    public void Sizes_below_one_are_refused(int batchSize, int inFlight) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fake.Binding(FakeStage.OneToOne, batchSize, inFlight));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] FailAfterDispose()
    {
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var stage = new FakeStage(async (rows, _) =>
        {
            if (rows[0] > 0) await gates[rows[0] - 1].Task;
            return FakeStage.Outcomes(rows);
        });
        var cursor = Fake.Open(Fake.Binding(stage, batchSize: 1, inFlight: 3).Transform(Fake.Rows(_ml, 10)), "Out");
        Assert.IsTrue(cursor.MoveNext());
        SpinWait.SpinUntil(() => stage.Batches == 3);
        cursor.Dispose();
        foreach (var gate in gates) gate.SetException(new InvalidDataException("late"));
        return [.. gates.Select(gate => new WeakReference(gate))];
    }
}
