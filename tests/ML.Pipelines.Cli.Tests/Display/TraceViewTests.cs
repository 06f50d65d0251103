using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Pruning;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Text;

namespace ML.Pipelines.Cli.Tests.Display;

[TestClass]
public sealed class TraceViewTests
{
    [TestMethod]
    public void The_plain_form_is_this() => Assert.AreEqual(
        """
        t-1: 4,000 -> 3,000 tokens (25.0 % saved), 4 steps, 1 removed, 1 guarded, 0 unscored

        What is \boxed{[x]}?

           0  progressive                    -  kept
              Let $S = [1, 2]$.

           1  verification               0.012  removed
              [-Wait, check:
              [red]2 > 1[/].-]

           2  error-correction          -0.500  guarded: states the answer first
              So it holds.

           3  -                              -  -
              Done.

        """,
        TraceView.Plain(SampleTraces.Small));

    [TestMethod]
    public void Attempts_at_shorter_chains_are_shown_with_their_verdicts_and_the_chains_that_came_out() => Assert.AreEqual(
        """
        t-2: 2 attempts, 1 passed, 1 chain in the output

        q

           1  compress 0.5   answer-changed     1,200 -> 500 tokens, 58.3 % of words gone, answer 4
           2  compress 0.5   passed             1,200 -> 600 tokens, 50.0 % of words gone, hard, answer 5, 75.0 % of numbers kept, answer loss -0.250

        original
              a

              b␛

        shortened 0.5
              [b]

        """,
        TraceView.Plain(Attempted));

    [TestMethod]
    public void On_a_terminal_attempts_are_shown_too_and_brackets_stay_what_they_are()
    {
        var page = Rich(Attempted);
        Assert.Contains("answer-changed", page);
        Assert.Contains("[b]", page);
        Assert.Contains("\e[1mshortened 0.5", page);
    }

    private static RunTrace Attempted => new("t-2", "q", "a\n\nb\e", [])
    {
        Attempts =
        [
            new("t-2", "compress", 1, "answer-changed", null, .5, .5833, 1200, 500, "4", 1, null),
            new("t-2", "compress", 2, "passed", Difficulty.Hard, .5, .5, 1200, 600, "5", .75, -.25),
        ],
        Output = [new("shortened 0.5", "[b]\n")],
    };

    [TestMethod]
    public void Only_removed_steps_are_shown_on_demand()
    {
        var page = TraceView.Plain(SampleTraces.Small, removedOnly: true);
        Assert.Contains("[-Wait", page);
        Assert.DoesNotContain("So it holds", page);
        Assert.Contains("   1  verification", page);
    }

    [TestMethod]
    public void On_a_terminal_removed_steps_are_struck_through_and_brackets_stay_what_they_are()
    {
        var page = Rich(SampleTraces.Small);
        Assert.Contains("\e[9;93mWait, check:\e[0m", page);
        Assert.Contains("\e[9;93m[red]2 > 1[/].\e[0m", page);
        Assert.Contains("What is \\boxed{[x]}?", page);
        Assert.Contains("\e[1;95m   2  error-correction          -0.500  guarded: states the answer first\e[0m", page);
    }

    [TestMethod]
    public void A_data_set_cannot_send_a_terminal_commands()
    {
        var evil = SampleTraces.Of("\e]0;id\a", "\e[2J\u009b31m",
            ("\e[31mred\u202e\r\n\u007f", StepCategory.Verification, StepDecision.Removed, 1, "\e[5m"));
        var page = TraceView.Plain(evil);
        Assert.StartsWith("␛]0;id␇: ", page);
        Assert.Contains("␛[2J\uFFFD31m", page);
        Assert.Contains("[-␛[31mred\n      ␡-]", page);
        Assert.DoesNotContain("\e[31m", Rich(evil));
        Assert.DoesNotContain("\e[2J", Rich(evil));
    }

    [TestMethod]
    public void A_step_outside_the_text_is_shown_as_far_as_it_goes()
    {
        var trace = new RunTrace("t", "q", "abc", [new(1, 99), new(-5, 1), new(7, 3)]);
        Assert.Contains("      bc\n", TraceView.Plain(trace));
        Assert.IsNotEmpty(Rich(trace));
    }

    [TestMethod]
    public void A_trace_without_steps_has_just_a_header() =>
        Assert.AreEqual("t: 0 -> 0 tokens (- saved), 0 steps, 0 removed, 0 guarded, 0 unscored\n\nq\n",
            TraceView.Plain(new("t", "q", "", [])));

    [TestMethod]
    public void Any_text_can_be_shown_and_none_leaves_a_control_character_in_the_page()
    {
        var texts = ArbMap.Default.GeneratorFor<string>().Select(text => (text ?? "") + "\ud800\e[1m\u0085[/]");
        Prop.ForAll(texts.ToArbitrary(), IsShown).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        static bool IsShown(string text)
        {
            var trace = SampleTraces.Of(text, text,
                (text, StepCategory.MultiMethodValidation, StepDecision.Removed, double.NaN, text), (text, null, null, null, null));
            return Rich(trace).Length > 0 && TraceView.Plain(trace).All(letter => letter == '\n' || !char.IsControl(letter));
        }
    }

    private static string Rich(RunTrace trace)
    {
        using var writer = new StringWriter();
        SampleTraces.Terminal(writer).Write(TraceView.Rich(trace));
        return writer.ToString();
    }
}
