using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Tests.Traces;

/// <summary>A small row of each schema, as its data set has it.</summary>
[TestClass]
public sealed class SchemaRowsTests : IDisposable
{
    private readonly TraceData _data = new();

    public void Dispose() => _data.Dispose();

    [TestMethod]
    public void A_row_of_LIMO_has_its_chain_in_solution() => Check("limo",
        """{"question":"Find $m+n$.","solution":"Okay, so I have to add.\n\n**Final Answer**\n\\boxed{23}","answer":"23"}""",
        new() { Id = "h-?", Question = "Find $m+n$.", Reasoning = "Okay, so I have to add.\n\n**Final Answer**\n\\boxed{23}", Answer = "23" });

    [TestMethod]
    public void A_row_of_s1K_has_its_chain_in_a_list_and_its_gold_answer_in_solution() => Check("s1k",
        """
        {"solution":"The sum is $\\boxed{128}$.","question":"Compute it.","cot_type":"math","source_type":"qfq830/openaimath","metadata":"{'level': 5}",
        "cot":null,"thinking_trajectories":["First, I add.\nThen I check."],"attempt":"Adding gives 128."}
        """,
        new()
        {
            Id = "h-?",
            Source = "qfq830/openaimath",
            Question = "Compute it.",
            Reasoning = "First, I add.\nThen I check.",
            Solution = "Adding gives 128.",
            Answer = "128",
        },
        "cot_type", "metadata", "cot");

    [TestMethod]
    public void A_row_of_s1K_1_1_has_the_chain_of_DeepSeek() => Check("s1k-1.1",
        """
        {"solution":"128","question":"Compute it.","cot_type":"math","source_type":"s","metadata":"{}","gemini_thinking_trajectory":"G","gemini_attempt":"g",
        "deepseek_thinking_trajectory":"Okay.","deepseek_attempt":"It is 128.","gemini_grade":"No","gemini_grade_reason":"?","deepseek_grade":"Yes","deepseek_grade_reason":"!"}
        """,
        new() { Id = "h-?", Source = "s", Question = "Compute it.", Reasoning = "Okay.", Solution = "It is 128.", Answer = "128" },
        "cot_type", "metadata", "gemini_thinking_trajectory", "gemini_attempt", "gemini_grade", "gemini_grade_reason", "deepseek_grade",
        "deepseek_grade_reason");

    [TestMethod]
    public void A_row_of_OpenThoughts_is_a_conversation_with_thought_and_solution_tags() => Check("openthoughts",
        """
        {"system":"Explore the question.","conversations":[{"from":"user","value":"What is 2+2?"},{"from":"assistant",
        "value":"<|begin_of_thought|>\n\nTwo and two.\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\nIt is $\\boxed{4}$.\n\n<|end_of_solution|>"}]}
        """,
        new()
        {
            Id = "h-?",
            Question = "What is 2+2?",
            Reasoning = "\nTwo and two.\n",
            Solution = "It is $\\boxed{4}$.",
            Answer = "4",
            System = "Explore the question.",
        });

    [TestMethod]
    public void A_row_of_OpenThoughts_metadata_keeps_its_ground_truth_beside_the_answer() => Check("openthoughts-metadata",
        """
        {"problem":"What is 2+2?","deepseek_reasoning":"Two and two.","deepseek_solution":"It is 4.","ground_truth_solution":"Clearly $\\boxed{4}$.",
        "domain":"math","source":"amc_aime","test_cases":null,"starter_code":null}
        """,
        new() { Id = "h-?", Source = "amc_aime", Question = "What is 2+2?", Reasoning = "Two and two.", Solution = "It is 4.", Answer = "4" },
        "ground_truth_solution", "domain", "test_cases", "starter_code");

    [TestMethod]
    public void A_row_of_SmallThoughts_has_the_teachers_text_in_messages() => Check("smallthoughts",
        """
        {"system_prompt":"Assess first.","problem":"What is 2+2?","solution":"It is \\boxed{4}.","messages":[{"role":"user","content":"What is 2+2?"},
        {"role":"assistant","content":"<|begin_of_thought|>\nAnalysis: add.\n<|end_of_thought|>\n<|begin_of_solution|>\nIt is \\boxed{4}.\n<|end_of_solution|>"}]}
        """,
        new()
        {
            Id = "h-?",
            Question = "What is 2+2?",
            Reasoning = "Analysis: add.",
            Solution = "It is \\boxed{4}.",
            Answer = "4",
            System = "Assess first.",
        });

    [TestMethod]
    public void A_row_of_SmallThoughts_without_tags_has_its_chain_before_the_solutions_heading() => Check("smallthoughts",
        """
        {"system_prompt":"Assess first.","problem":"What is 2+2?","solution":"It is \\boxed{4}.","source":"own","answer":"four","messages":[
        {"role":"user","content":"What is 2+2?"},{"role":"assistant","content":"**Analysis:** Add.\n\n**Solution:** It is \\boxed{4}."}]}
        """,
        new()
        {
            Id = "h-?",
            Source = "own",
            Question = "What is 2+2?",
            Reasoning = "**Analysis:** Add.",
            Solution = "It is \\boxed{4}.",
            Answer = "four",
            System = "Assess first.",
        });

    [TestMethod]
    public void A_row_of_messages_takes_the_first_question_and_the_last_reply() => Check("messages",
        """
        {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"What is 2+2?"},{"role":"assistant","content":"Hm?"},
        {"role":"user","content":"Go on."},{"role":"assistant","content":"<think>\nTwo and two.\n</think>\n\nThe answer is: 4."}]}
        """,
        new() { Id = "h-?", Question = "What is 2+2?", Reasoning = "Two and two.", Solution = "The answer is: 4.", Answer = "4", System = "Be brief." });

    [TestMethod]
    public void A_row_of_an_evaluation_run_has_the_whole_response() => Check("question-response-answer",
        """
        {"id":"aime24-60-2048","question":"Every morning?","response":"<think>\nOkay, let's try.\n</think>\n\nIt is 204.","answer":"204","is_correct":true,
        "token_budget":2048,"model":"R1"}
        """,
        new() { Id = "aime24-60-2048", Question = "Every morning?", Reasoning = "Okay, let's try.", Solution = "It is 204.", Answer = "204" },
        "is_correct", "token_budget", "model");

    [TestMethod]
    public void A_row_of_GSM8K_is_parted_at_its_hashes() => Check("gsm8k",
        """{"idx":7,"question":"How many clips?","answer":"48/2 = <<48/2=24>>24 clips.\n48+24 = <<48+24=72>>72 clips.\n#### 1,072"}""",
        new() { Id = "7", Question = "How many clips?", Reasoning = "48/2 = <<48/2=24>>24 clips.\n48+24 = <<48+24=72>>72 clips.", Answer = "1072" });

    [TestMethod]
    public void A_row_of_NuminaMath_loses_the_messages_that_repeat_it() => Check("numina-math-cot",
        """
        {"source":"olympiads","problem":"What is 2+2?","solution":"Adding gives $\\boxed{4}$.","messages":[{"content":"What is 2+2?","role":"user"},
        {"content":"Adding gives $\\boxed{4}$.","role":"assistant"}]}
        """,
        new() { Id = "h-?", Source = "olympiads", Question = "What is 2+2?", Reasoning = "Adding gives $\\boxed{4}$.", Answer = "4" });

    [TestMethod]
    public void A_row_of_DeepScaleR_has_a_human_solution() => Check("deepscaler",
        """{"problem":"What is 2+2?","answer":"4","solution":"Adding gives 4."}""",
        new() { Id = "h-?", Question = "What is 2+2?", Reasoning = "Adding gives 4.", Answer = "4" });

    [TestMethod]
    public void A_row_of_OpenR1_takes_the_generation_in_its_messages() => Check("openr1-math",
        """
        {"problem":"What is 2+2?","solution":"Human.","answer":"4","source":"amc_aime","uuid":"u-1","generations":["<think>\nA.\n</think>\n4","<think>\nB.\n</think>\n5"],
        "correctness_count":1,"messages":[{"content":"What is 2+2?","role":"user"},{"content":"<think>\nA.\n</think>\n4","role":"assistant"}]}
        """,
        new() { Id = "u-1", Source = "amc_aime", Question = "What is 2+2?", Reasoning = "A.", Solution = "4", Answer = "4" },
        "generations", "correctness_count");

    [TestMethod]
    public void A_reasoning_trace_is_taken_at_its_word() => Check("reasoning-trace",
        """
        {"id":"t-1","source":"limo","question":"What is 2+2?","reasoning":"Two <think>and</think> two.","solution":"It is 4.","answer":"4","system":"Be brief.",
        "complete":false,"messages":[{"role":"user","content":"What is 2+2?"}]}
        """,
        new()
        {
            Id = "t-1",
            Source = "limo",
            Question = "What is 2+2?",
            Reasoning = "Two <think>and</think> two.",
            Solution = "It is 4.",
            Answer = "4",
            System = "Be brief.",
            Complete = false,
        },
        "messages");

    [TestMethod]
    public void Adapting_twice_changes_nothing()
    {
        var once = _data.Adapt(_data.Load("""{"question":"2+2?","response":"<think>\nTwo.","answer":"4"}"""));
        var twice = _data.Adapt(once);
        CollectionAssert.AreEqual(TraceData.Read(once), TraceData.Read(twice));
        CollectionAssert.AreEqual(TraceData.ColumnNames(once), TraceData.ColumnNames(twice));
    }

    [TestMethod]
    public void Messages_can_come_from_objects()
    {
        var rows = new[] { new Chat { Messages = [new("user", "What is 2+2?"), new("assistant", "<think>\nTwo.\n</think>\n\n4")] } };
        var trace = _data.Traces(_data.Context.Data.LoadFromEnumerable(rows), new() { IdColumn = "Key" }).Single();
        Assert.AreEqual("5", trace.Id);
        Assert.AreEqual(("What is 2+2?", "Two.", "4"), (trace.Question, trace.Reasoning, trace.Solution));
        Assert.IsNull(trace.System);
    }

    [TestMethod]
    public void The_sample_of_real_traces_is_adapted_row_by_row_to_spans_of_its_responses()
    {
        var data = _data.Context.Data.LoadFromJsonLines(Path.Combine(Repository.Root, "pipelines", "samples", "aime24-traces.jsonl"));
        var responses = TraceData.Values<ReadOnlyMemory<char>>(data, "response").ConvertAll(text => text.ToString());
        var traces = _data.Traces(data);
        Assert.HasCount(45, traces);
        Assert.AreEqual(17, traces.Count(trace => trace.Complete));
        foreach (var (trace, response) in traces.Zip(responses))
        {
            Assert.Contains(trace.Reasoning, response);
            Assert.DoesNotContain("think>", trace.Reasoning);
            Assert.AreEqual(trace.Complete, response.Contains("</think>"));
        }
    }

    private void Check(string schema, string row, ReasoningTrace expected, params string[] ridingAlong)
    {
        var view = _data.Load(row.ReplaceLineEndings(""));
        var declared = DataSchemas.Get(schema).Columns;
        foreach (var column in declared) if (view.Schema.GetColumnOrNull(column.Name) is { } found) Fits(column, found);
        Assert.AreEqual(schema, _data.Adapter().MappingFor(view.Schema).Schema);
        var adapted = _data.Adapt(view);
        var trace = TraceData.Read(adapted).Single();
        Assert.AreEqual(expected.Id == "h-?" ? expected with { Id = ContentId.Of(expected) } : expected, trace);
        CollectionAssert.AreEquivalent(ridingAlong.Concat(TraceColumns.All).ToArray(), TraceData.ColumnNames(adapted));
    }

    private static void Fits(DataSchemaColumn column, DataViewSchema.Column found)
    {
        var isMessages = column.Type == "messages" && Conversation.Is(found.Type);
        Assert.IsTrue(isMessages || column.DataViewType.Equals(found.Type), $"{column.Name}: {column.DataViewType}, found {found.Type}");
    }

    private sealed class Chat
    {
        public int Key { get; set; } = 5;

        [Messages]
        public IReadOnlyList<Message> Messages { get; set; } = [];
    }
}
