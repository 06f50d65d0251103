using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using ML.Pipelines.Formatting;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Tests.Data;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Tests.Formatting;

[TestClass]
public sealed class LiteCotFormatTests : FileTest
{
    private const string Row =
        """{"id":"r","question":"\"What is 2+2?\"","reasoning":"**Analysis:** Add.  \nTwo.","solution":" It is 4. ","other":1}""";

    [TestMethod]
    [DataRow("\"What is 2+2?\"", "What is 2+2?")]
    [DataRow(" \"What is 2+2?\"\n", " What is 2+2?\n")]
    [DataRow("\"\"What?\"\"", "\"What?\"")]
    [DataRow("What is \"it\"?", "What is \"it\"?")]
    [DataRow("\"It\" is what?", "\"It\" is what?")]
    [DataRow("\"", "\"")]
    [DataRow("\"\"", "")]
    [DataRow("", "")]
    public void A_problem_is_the_question_without_one_outer_pair_of_quotes(string question, string problem) =>
        Assert.AreEqual(problem, LiteCotFormat.Problem(question));

    [TestMethod]
    public void The_teachers_text_has_chain_and_solution_between_their_tags_and_no_line_that_ends_in_two_blanks() => Assert.AreEqual(
        "<|begin_of_thought|>\na\nb\n<|end_of_thought|>\n\n<|begin_of_solution|>\nc\n<|end_of_solution|>",
        LiteCotFormat.TeacherText("a  \r\nb", " c \n"));

    [TestMethod]
    public void Without_tags_a_heading_is_between_chain_and_solution() =>
        Assert.AreEqual("a\n\n**Solution:** c", LiteCotFormat.TeacherText("a\n", " c ", tags: false));

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_system_prompt_shows_the_frame_of_every_level(bool tags)
    {
        var prompt = LiteCotFormat.SystemPrompt(tags);
        foreach (var level in Enum.GetValues<Difficulty>()) Assert.Contains(DifficultyFrame.Of(level).Text, prompt);
        Assert.AreEqual(tags, prompt.Contains("<|begin_of_solution|>", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_row_has_the_four_columns_and_its_chain_goes()
    {
        var view = ML.TrainingSets(Rejects).FormatLiteCot(new() { SystemPrompt = "Think." }).Fit(Load(Row)).Transform(Load(Row));
        var text = LiteCotFormat.TeacherText("**Analysis:** Add.\nTwo.", "It is 4.");
        Assert.AreSequenceEqual(
            [$"'r', 1, 'Think.', 'What is 2+2?', 'It is 4.', [{{'user', 'What is 2+2?'}}, {{'assistant', '{text}'}}]"], RowText.Of(view));
    }

    [TestMethod]
    public void A_rows_own_system_prompt_goes_before_the_others()
    {
        var data = Load(
            """{"question":"q","reasoning":"r","solution":"s","system":"Mine."}""",
            """{"question":"q","reasoning":"r","solution":"s","system":null}""");
        Assert.AreSequenceEqual(["'Mine.'", $"'{LiteCotFormat.SystemPrompt()}'"],
            RowText.Of(ML.TrainingSets(Rejects).FormatLiteCot().Fit(data).Transform(data), "system_prompt"));
    }

    [TestMethod]
    public void Rows_without_chain_or_solution_are_dropped()
    {
        var data = Load("""{"question":"q","reasoning":" ","solution":"s"}""", """{"question":"q","reasoning":"r","solution":null}""");
        Assert.IsEmpty(RowText.Of(ML.TrainingSets(Rejects).FormatLiteCot().Fit(data).Transform(data)));
        Assert.AreSequenceEqual(["no-chain", "no-solution"], Rejects.DroppedRows.Select(row => row.Reason));
    }

    [TestMethod]
    public void Without_a_column_of_solutions_the_error_names_its_option()
    {
        var data = Load("""{"question":"q","reasoning":"r"}""");
        var fault = Throws(ErrorCode.MissingColumn, () => ML.TrainingSets().FormatLiteCot().Fit(data).Transform(data));
        Assert.StartsWith("Column 'solution' (solutionColumn) is not there.", fault.Message);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void What_is_written_is_read_back_as_SmallThoughts(bool tags)
    {
        var sets = ML.TrainingSets(Rejects);
        var data = Load(
            """
            {"id":"r","source":"own","question":"q","reasoning":"**Analysis:** Add.\n**Summary:** 4.","solution":"It is \\boxed{4}.",
            "answer":"4","system":"S"}
            """.ReplaceLineEndings(""));
        var chain = sets.FormatLiteCot(new() { Tags = tags }).Append(sets.AdaptTraces());
        Assert.AreSequenceEqual(["'r', 'own', 'q', '**Analysis:** Add.\n**Summary:** 4.', 'It is \\boxed{4}.', '4', 'S'"],
            RowText.Of(chain.Fit(data).Transform(data), "id", "source", "question", "reasoning", "solution", "answer", "system"));
    }

    [TestMethod]
    public void Any_chain_and_solution_that_hold_no_marks_come_back_from_the_teachers_text()
    {
        var parts = Gen.Elements("a", "**Analysis:** b", "\n", " ", "é").ArrayOf();
        var text = parts.Select(all => $"x{string.Concat(all)}y").ToArbitrary();
        Prop.ForAll(text, text, Arb.From(Gen.Elements(true, false)), (chain, solution, tags) =>
        {
            var written = LiteCotFormat.TeacherText(chain, solution, tags);
            return Take.FramedThought.Of(written) == Plain(chain) && (!tags || Take.Solution.Of(written) == Plain(solution));
        }).QuickCheckThrowOnFailure();

        static string Plain(string text) => text.Replace("  \n", "\n", StringComparison.Ordinal);
    }
}
