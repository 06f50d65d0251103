using Microsoft.Data.Sqlite;

namespace ML.Pipelines.Runs.Journals;

/// <summary>A journal in an SQLite file with a write-ahead log: a record that was torn by a crash is not there when it is opened again.</summary>
internal sealed class SqliteJournal : IReplyJournal
{
    private const int Corrupt = 11, NotADatabase = 26;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _add;

    public SqliteJournal(string path)
    {
        _path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            // A reply that was paid for stays over a power cut, too.
            Execute("PRAGMA journal_mode=WAL");
            Execute("PRAGMA synchronous=FULL");
            Execute("CREATE TABLE IF NOT EXISTS replies (row_id TEXT NOT NULL, stage TEXT NOT NULL, model TEXT NOT NULL, payload TEXT NOT NULL, "
                + "reply TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, finish_reason TEXT, "
                + "PRIMARY KEY (row_id, stage, model, payload)) WITHOUT ROWID");
            _find = Command("SELECT reply, input_tokens, output_tokens, finish_reason FROM replies "
                + "WHERE row_id = $row_id AND stage = $stage AND model = $model AND payload = $payload");
            _add = Command("INSERT OR IGNORE INTO replies VALUES ($row_id, $stage, $model, $payload, $reply, $input_tokens, $output_tokens, "
                + "$finish_reason)");
        }
        catch (SqliteException fault)
        {
            _connection.Dispose();
            throw Typed(fault);
        }
    }

    /// <summary>The files of a journal, the one that tells that there is one last.</summary>
    public static IReadOnlyList<string> FileNames(string name) => [name + "-shm", name + "-wal", name];

    public long Count => Guarded(() =>
    {
        using var command = Command("SELECT COUNT(*) FROM replies");
        return (long)command.ExecuteScalar()!;
    });

    public JournalReply? Find(JournalKey key) => Guarded(() =>
    {
        SetKey(_find, key);
        using var reader = _find.ExecuteReader();
        return reader.Read()
            ? new JournalReply(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3))
            : null;
    });

    public void Add(JournalKey key, JournalReply reply) => Guarded(() =>
    {
        SetKey(_add, key);
        Set(_add, "$reply", reply.Reply);
        Set(_add, "$input_tokens", reply.InputTokens);
        Set(_add, "$output_tokens", reply.OutputTokens);
        Set(_add, "$finish_reason", (object?)reply.FinishReason ?? DBNull.Value);
        return _add.ExecuteNonQuery();
    });

    public void Dispose()
    {
        lock (_lock)
        {
            _find.Dispose();
            _add.Dispose();
            _connection.Dispose();
        }
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static void SetKey(SqliteCommand command, JournalKey key)
    {
        Set(command, "$row_id", key.RowId);
        Set(command, "$stage", key.Stage);
        Set(command, "$model", key.Model);
        Set(command, "$payload", key.Payload);
    }

    private static void Set(SqliteCommand command, string name, object value)
    {
        if (command.Parameters.Contains(name)) command.Parameters[name].Value = value;
        else command.Parameters.AddWithValue(name, value);
    }

    private T Guarded<T>(Func<T> action)
    {
        lock (_lock)
        {
            try
            {
                return action();
            }
            catch (SqliteException fault)
            {
                throw Typed(fault);
            }
        }
    }

    private Exception Typed(SqliteException fault) => fault.SqliteErrorCode is Corrupt or NotADatabase
        ? new PipelineException(ErrorCode.DamagedFile, $"The journal '{_path}' is damaged ({fault.Message}). Put it back, or remove it with the "
            + "files beside it that start with its name: its calls are made and paid for again then.", fault)
        : new IOException($"The journal '{_path}' cannot be used: {fault.Message}", fault);
}
