using ML.Pipelines.Cli.Display;

namespace ML.Pipelines.Cli.Tests.Display;

[TestClass]
public sealed class RunProgressTests
{
    [TestMethod]
    public void A_log_has_a_line_at_most_every_ten_seconds_and_the_last()
    {
        var time = new ManualTime();
        var log = Log(time, progress =>
        {
            for (var row = 1; row <= 1000; row++)
            {
                progress.Report(new(row, 1000, row * 50, row / 100, 10));
                if (row < 1000) time.Advance(TimeSpan.FromSeconds(0.025));
            }
        });
        Assert.AreEqual(
            """
            1/1,000 rows (0.1 %), 0/10 shards
            401/1,000 rows (40.1 %), 4/10 shards, 2,000 tokens/s, 15.0 s left
            801/1,000 rows (80.1 %), 8/10 shards, 2,000 tokens/s, 5.0 s left
            1,000/1,000 rows (100.0 %), 10/10 shards, 2,000 tokens/s

            """, log);
    }

    [TestMethod]
    public void A_part_of_other_work_has_a_line_at_its_start_and_end_and_every_ten_seconds_between()
    {
        var time = new ManualTime();
        var log = Log(time, progress =>
        {
            progress.ReportPart("text", 0, 3000);
            progress.ReportPart("text", 1, 3000);
            time.Advance(TimeSpan.FromSeconds(10));
            progress.ReportPart("text", 1000, 3000);
            progress.ReportPart("text", 1001, 3000);
            progress.ReportPart("text", 3000, 3000);
        });
        Assert.AreEqual("text: 0/3,000 rows (0.0 %)\ntext: 1,000/3,000 rows (33.3 %)\ntext: 3,000/3,000 rows (100.0 %)\n", log);
    }

    [TestMethod]
    public void The_end_is_told_once() => Assert.AreEqual("1/1 rows (100.0 %), 1/1 shards\n", Log(new ManualTime(), progress =>
    {
        progress.Report(new(1, 1, 0, 1, 1));
        progress.Report(new(1, 1, 0, 1, 1));
    }));

    [TestMethod]
    public void A_continued_run_counts_its_speed_from_where_it_began() => Assert.AreEqual(
        "600/1,000 rows (60.0 %), 6/10 shards, 100 tokens/s, 40.0 s left",
        RunProgress.Line(new(600, 1000, 1000, 6, 10), new(500, 1000, 0, 5, 10), TimeSpan.FromSeconds(10)));

    [TestMethod]
    public void An_absurd_time_left_is_no_crash() => Assert.EndsWith(
        "very long left", RunProgress.Line(new(1, long.MaxValue, 0, 0, 1), new(0, long.MaxValue, 0, 0, 1), TimeSpan.FromDays(1)));

    [TestMethod]
    public void A_run_without_rows_divides_by_nothing() =>
        Assert.AreEqual("0/0 rows (-), 0/0 shards", RunProgress.Line(default, default, TimeSpan.FromSeconds(1)));

    [TestMethod]
    public void Learning_has_its_own_line_without_shards() => Assert.AreEqual(
        "learning: 5/10 rows (50.0 %), 5.0 s left",
        RunProgress.Line(new(5, 10, 0, 0, 0, Learning: true), new(0, 10, 0, 0, 0, Learning: true), TimeSpan.FromSeconds(5)));

    [TestMethod]
    public void A_notice_is_a_line_of_its_own_without_anything_that_a_terminal_acts_on() =>
        Assert.AreEqual(new string('x', 200) + "␛[2J\n",
            Log(new ManualTime(), progress => progress.Notice(new string('x', 200) + "\e[2J")));

    [TestMethod]
    public void Reports_of_several_threads_do_not_mix()
    {
        var time = new ManualTime();
        var log = Log(time, progress => Parallel.For(0, 1000, row =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            progress.Report(new(row, 100_000, 0, 0, 10));
        }));
        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.MatchesRegex(@"^[\d,]+/100,000 rows \([\d.]+ %\), 0/10 shards(, .* left)?$", line);
    }

    [TestMethod]
    public void A_terminal_has_one_live_line_with_notices_above_it()
    {
        using var writer = new StringWriter();
        var result = RunProgress.Show(SampleTraces.Terminal(writer), new ManualTime(), plain: false, progress =>
        {
            progress.Report(new(1, 2, 0, 0, 1));
            progress.Notice("note [x]");
            return 7;
        });
        Assert.AreEqual(7, result);
        Assert.Contains("1/2 rows (50.0 %), 0/1 shards", writer.ToString());
        Assert.Contains("note [x]", writer.ToString());
        Assert.EndsWith("\r\e[2K", writer.ToString());
    }

    [TestMethod]
    public void A_fault_of_the_work_comes_through_and_clears_the_line()
    {
        using var writer = new StringWriter();
        Assert.ThrowsExactly<PipelineException>(() => RunProgress.Show<int>(
            SampleTraces.Terminal(writer), new ManualTime(), plain: false, _ => throw new PipelineException(ErrorCode.Output, "full")));
        Assert.EndsWith("\r\e[2K", writer.ToString());
    }

    [TestMethod]
    public void Logs_and_ci_jobs_get_plain_lines()
    {
        using var writer = new StringWriter();
        Assert.IsTrue(RunProgress.IsPlain(SampleTraces.Log(writer), null));
        Assert.IsTrue(RunProgress.IsPlain(SampleTraces.Terminal(writer), "true"));
        Assert.IsFalse(RunProgress.IsPlain(SampleTraces.Terminal(writer), ""));
    }

    private static string Log(TimeProvider time, Action<RunProgress> work)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        RunProgress.Show(SampleTraces.Log(writer), time, plain: true, progress =>
        {
            work(progress);
            return 0;
        });
        return writer.ToString();
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
