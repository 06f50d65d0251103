namespace ML.Pipelines;

/// <summary>
/// The codes of everything that can be wrong with an input, a model or a job: one table, read by exceptions, quarantine rows and docs.
/// </summary>
public static class ErrorCode
{
    /// <summary>A line of a JSON Lines file is not one JSON object.</summary>
    public const string InvalidJson = "input.invalid-json";

    /// <summary>A line of a text file is not valid UTF-8.</summary>
    public const string InvalidUtf8 = "input.invalid-utf8";

    /// <summary>A line is longer than the configured limit.</summary>
    public const string RowTooLong = "input.row-too-long";

    /// <summary>A value has another type than its column.</summary>
    public const string TypeMismatch = "input.type-mismatch";

    /// <summary>A column that the job or a stage names is not there.</summary>
    public const string MissingColumn = "input.missing-column";

    /// <summary>A column has a type that has no counterpart in a data view.</summary>
    public const string UnsupportedType = "input.unsupported-type";

    /// <summary>No file matches, or a file cannot be opened.</summary>
    public const string FileNotFound = "input.file-not-found";

    /// <summary>A file is empty, truncated, or not of the format its reader expects.</summary>
    public const string DamagedFile = "input.damaged-file";

    /// <summary>Two rows have the same id.</summary>
    public const string DuplicateId = "input.duplicate-id";

    /// <summary>No known row schema fits the columns, or more than one does.</summary>
    public const string UnknownSchema = "input.unknown-schema";

    /// <summary>A row has no reasoning text.</summary>
    public const string EmptyReasoning = "trace.empty-reasoning";

    /// <summary>A row has no question.</summary>
    public const string EmptyQuestion = "trace.empty-question";

    /// <summary>The text to score does not fit the model's context.</summary>
    public const string ContextOverflow = "scorer.context-overflow";

    /// <summary>A text becomes a token id that the model has no embedding for.</summary>
    public const string TokenOutOfRange = "scorer.token-out-of-range";

    /// <summary>The model answered with a number that is not finite.</summary>
    public const string NotFinite = "scorer.not-finite";

    /// <summary>Evidence of an earlier run lacks a step, or its spans do not fit the input.</summary>
    public const string EvidenceMismatch = "evidence.mismatch";

    /// <summary>A model file is missing or cannot be loaded.</summary>
    public const string DamagedModel = "model.damaged";

    /// <summary>A model has inputs or outputs other than those of a causal decoder.</summary>
    public const string ModelInputs = "model.inputs";

    /// <summary>A model has no chat template, or the template fails, or does not take the messages.</summary>
    public const string ChatTemplate = "model.chat-template";

    /// <summary>A tokenizer file cannot be read or uses a kind that is not supported.</summary>
    public const string DamagedTokenizer = "tokenizer.damaged";

    /// <summary>A tokenizer has more tokens than the model.</summary>
    public const string TokenizerMismatch = "tokenizer.mismatch";

    /// <summary>A job file or a command-line option is wrong.</summary>
    public const string Configuration = "config.invalid";

    /// <summary>An output folder holds something that a run would overwrite, or cannot be written.</summary>
    public const string Output = "output.unusable";

    /// <summary>A run has shards that are not sealed yet.</summary>
    public const string NotFinished = "run.not-finished";

    /// <summary>The service that holds a run's files does not answer.</summary>
    public const string StoreUnreachable = "store.unreachable";

    /// <summary>The service that holds a run's files refuses the credentials, or there are none.</summary>
    public const string StoreForbidden = "store.forbidden";

    /// <summary>A teacher's server refuses the key, or there is none.</summary>
    public const string TeacherUnauthorized = "teacher.unauthorized";

    /// <summary>A teacher's server does not serve the model.</summary>
    public const string TeacherUnknownModel = "teacher.unknown-model";

    /// <summary>The address is not that of a server for teachers.</summary>
    public const string TeacherUnknownEndpoint = "teacher.unknown-endpoint";

    /// <summary>The account of a teacher's server has no credit left.</summary>
    public const string TeacherQuota = "teacher.quota";

    /// <summary>A teacher's server did not answer for longer than the patience allows.</summary>
    public const string TeacherUnreachable = "teacher.unreachable";

    /// <summary>A teacher's server turned calls away for longer than the patience allows.</summary>
    public const string TeacherThrottled = "teacher.throttled";

    /// <summary>A teacher's server failed at every try of a call.</summary>
    public const string TeacherServerError = "teacher.server-error";

    /// <summary>A teacher did not reply in time at any try of a call.</summary>
    public const string TeacherTimeout = "teacher.timeout";

    /// <summary>What a teacher's server sent is cut, or not of the protocol, at every try of a call.</summary>
    public const string TeacherBrokenReply = "teacher.broken-reply";

    /// <summary>A teacher's server refuses a call for what it asks.</summary>
    public const string TeacherBadRequest = "teacher.bad-request";

    /// <summary>A prompt with its reply does not fit the teacher's context.</summary>
    public const string TeacherContextOverflow = "teacher.context-overflow";

    /// <summary>A reply was cut off before its end.</summary>
    public const string TeacherTruncated = "teacher.truncated";

    /// <summary>A content filter kept back the prompt or the reply.</summary>
    public const string TeacherFiltered = "teacher.filtered";

    /// <summary>A reply has no text.</summary>
    public const string TeacherEmpty = "teacher.empty";

    /// <summary>The teacher declined to answer.</summary>
    public const string TeacherRefusal = "teacher.refusal";

    /// <summary>A reply is none of those that were asked for.</summary>
    public const string TeacherUnexpectedReply = "teacher.unexpected-reply";

    /// <summary>A reply is not JSON of the schema asked for, and its repair is not either.</summary>
    public const string TeacherInvalidJson = "teacher.invalid-json";

    /// <summary>The tokens, money or time for teachers are spent.</summary>
    public const string TeacherBudget = "teacher.budget";

    /// <summary>A command that trains a model or asks one failed, or left nothing.</summary>
    public const string TrainingFailed = "training.failed";

    /// <summary>A command that asks a trained model did not answer each prompt once.</summary>
    public const string InvalidPredictions = "training.invalid-predictions";

    /// <summary>An internal invariant failed; the output must not be used.</summary>
    public const string Invariant = "run.invariant";
}
