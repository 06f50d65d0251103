using ML.Pipelines.Filtering;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Filtering;

[TestClass]
public sealed class MathSourceFilterTests : FileTest
{
    private const string Solution = @"So \boxed{5}.";

    [TestMethod]
    [DataRow("What is x?", Solution, null)]
    [DataRow("In the Figure, what is x?", Solution, "mentions-figure")]
    [DataRow("See the diagram.", Solution, "mentions-diagram")]
    [DataRow("See a.jpeg", Solution, "mentions-jpeg")]
    [DataRow("See a.PNG", Solution, "mentions-png")]
    [DataRow("See a.jpg", Solution, "mentions-jpg")]
    [DataRow("See a.svg", Solution, "mentions-svg")]
    [DataRow("What is x? Answer: 5", Solution, "holds-answer")]
    [DataRow("a) What is x? b) What is y?", Solution, "several-parts")]
    [DataRow("A) What is x? B) What is y?", Solution, "several-parts")]
    [DataRow("a) What is x?", Solution, null)]
    [DataRow("Find a) x b) y", Solution, null)]
    [DataRow("What is x?", null, "no-solution")]
    [DataRow("What is x?", "", "no-solution")]
    [DataRow("Prove it.", @"It is so. \boxed{}", "proof")]
    [DataRow("What is x?", "It is 5.", "no-box")]
    public void A_problem_is_dropped_by_the_first_rule_that_it_breaks(string problem, string? solution, string? reason) =>
        Assert.AreEqual(reason, MathSourceFilter.DropReason(problem, solution));

    [TestMethod]
    public void A_solution_has_at_most_2048_code_points()
    {
        Assert.IsNull(MathSourceFilter.DropReason("q", Solution + string.Concat(Enumerable.Repeat("🦆", 2048 - Solution.Length))));
        Assert.AreEqual("long-solution", MathSourceFilter.DropReason("q", Solution + new string(' ', 2049 - Solution.Length)));
    }

    [TestMethod]
    [DataRow("amc_aime", null)]
    [DataRow("aops_forum", null)]
    [DataRow("synthetic_math", "other-source")]
    [DataRow(null, null)]
    public void Only_some_sources_are_taken(string? source, string? reason) =>
        Assert.AreEqual(reason, MathSourceFilter.DropReason("q", Solution, source));

    [TestMethod]
    public void Rows_are_dropped_with_their_reason_and_the_rest_is_as_it_was()
    {
        var data = Load(
            """{"id":"a","problem":"q","solution":"\\boxed{5}","source":"math"}""",
            """{"id":"b","problem":"q","solution":"\\boxed{5}","source":"orca"}""",
            """{"id":"c","problem":"q","solution":null,"source":null}""");
        var view = ML.TrainingSets(Rejects).FilterMathSources().Fit(data).Transform(data);
        Assert.AreSequenceEqual([@"'a', 'q', '\boxed{5}', 'math'"], RowText.Of(view));
        Assert.AreSequenceEqual(
            ["math-sources b other-source", "math-sources c no-solution"],
            Rejects.DroppedRows.Select(left => $"{left.Row.Stage} {left.Row.RowId} {left.Reason}"));
    }

    [TestMethod]
    public void Without_a_source_column_all_sources_are_taken()
    {
        var data = Load("""{"problem":"q","solution":"\\boxed{5}"}""");
        Assert.HasCount(1, RowText.Of(ML.TrainingSets(Rejects).FilterMathSources().Fit(data).Transform(data)));
    }
}
