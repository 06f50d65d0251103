using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ML.Pipelines.Runs.Journals;

/// <summary>A journal in an SQLite file with a write-ahead log: a record that a crash tore is not there when it is opened again.</summary>
/// <remarks>SQLite has checksums in its log, but none in the file: each record has a hash, so that damage is never a reply.</remarks>
internal sealed class SqliteJournal : IReplyJournal
{
    private const int OtherSchema = 1, Corrupt = 11, NotADatabase = 26, ShortRead = 522;

    /// <summary>The least that SQLite's pages have, in bytes; its header gives the size as two bytes from here on.</summary>
    private const int SmallestPage = 512, PageSizeOffset = 16;

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
            if (IsCut(path)) throw Damaged("it was cut", null);
            _connection.Open();
            // A reply that was paid for stays over a power cut, too.
            Execute("PRAGMA journal_mode=WAL");
            Execute("PRAGMA synchronous=FULL");
            Execute("CREATE TABLE IF NOT EXISTS replies (row_id TEXT NOT NULL, stage TEXT NOT NULL, model TEXT NOT NULL, "
                + "payload TEXT NOT NULL, reply TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, "
                + "finish_reason TEXT, sha256 BLOB NOT NULL, PRIMARY KEY (row_id, stage, model, payload)) WITHOUT ROWID");
            CheckStructure();
            _find = Command("SELECT reply, input_tokens, output_tokens, finish_reason, sha256 FROM replies "
                + "WHERE row_id = $row_id AND stage = $stage AND model = $model AND payload = $payload");
            _add = Command("INSERT OR IGNORE INTO replies VALUES ($row_id, $stage, $model, $payload, $reply, $input_tokens, "
                + "$output_tokens, $finish_reason, $sha256)");
        }
        catch (Exception fault)
        {
            _connection.Dispose();
            if (fault is SqliteException cause) throw Typed(cause);
            throw;
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
        return reader.Read() ? ReadReply(key, reader) : null;
    });

    public void Add(JournalKey key, JournalReply reply) => Guarded(() =>
    {
        SetKey(_add, key);
        Set(_add, "$reply", reply.Reply);
        Set(_add, "$input_tokens", reply.InputTokens);
        Set(_add, "$output_tokens", reply.OutputTokens);
        Set(_add, "$finish_reason", (object?)reply.FinishReason ?? DBNull.Value);
        Set(_add, "$sha256", Hash(key, reply));
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

    // SQLite takes the missing end of the last page for zeros. With a log, its pages count and not the file's length.
    private static bool IsCut(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 } file) return false;
        if (new FileInfo(path + "-wal") is { Exists: true, Length: > 0 }) return false;
        Span<byte> header = stackalloc byte[PageSizeOffset + sizeof(ushort)];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) return true;
        int size = BinaryPrimitives.ReadUInt16BigEndian(header[PageSizeOffset..]);
        return size >= SmallestPage && file.Length % size != 0;
    }

    private void CheckStructure()
    {
        using var command = Command("PRAGMA quick_check(1)");
        if (command.ExecuteScalar() is var found && found is not "ok") throw Damaged($"{found}", null);
    }

    private JournalReply ReadReply(JournalKey key, SqliteDataReader reader)
    {
        if (reader[0] is string reply && reader[1] is long inputTokens && reader[2] is long outputTokens && reader[4] is byte[] hash)
        {
            var read = new JournalReply(reply, inputTokens, outputTokens, reader[3] as string);
            if (Hash(key, read).AsSpan().SequenceEqual(hash)) return read;
        }
        throw Damaged($"the reply to row '{key.RowId}' is not what was written", null);
    }

    private static byte[] Hash(JournalKey key, JournalReply reply) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes((object[])[key, reply]));

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

    private Exception Typed(SqliteException fault) =>
        fault.SqliteErrorCode is OtherSchema or Corrupt or NotADatabase || fault.SqliteExtendedErrorCode == ShortRead
        ? Damaged(fault.Message, fault)
        : new IOException($"The journal '{_path}' cannot be used: {fault.Message}", fault);

    private PipelineException Damaged(string what, Exception? fault) => new(ErrorCode.DamagedFile,
        $"The journal '{_path}' is damaged ({what}). Put it back, or remove it with the files beside it that start with its name: its "
        + "calls are made and paid for again then.", fault);
}
