namespace ML.Pipelines.Data;

/// <summary>Reads the lines of a file as bytes; memory is one line's, at most about twice the limit.</summary>
internal sealed class Utf8LineReader : IDisposable
{
    private const int InitialBuffer = 1 << 16;
    private const int MarksOfALine = 4; // a byte order mark and a carriage return do not count
    private readonly FileStream _stream;
    private readonly int _maxLineBytes;
    private byte[] _buffer = new byte[InitialBuffer];
    private int _start;
    private int _end;
    private long _bufferOffset;
    private Range _line;

    public Utf8LineReader(string path, long offset, long lineNumber, int maxLineBytes)
    {
        _stream = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        _stream.Position = offset;
        _bufferOffset = offset;
        _maxLineBytes = maxLineBytes;
        LineNumber = lineNumber - 1;
    }

    /// <summary>The current line's number in the file, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>The current line's first byte in the file.</summary>
    public long LineOffset { get; private set; }

    /// <summary>Whether the current line is longer than the limit; it is then given without its bytes.</summary>
    public bool TooLong { get; private set; }

    /// <summary>The current line without its line end.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_line);

    /// <summary>Goes to the next line that is not blank.</summary>
    public bool MoveNext()
    {
        while (ReadLine())
            if (TooLong || Line.ContainsAnyExcept(" \t\r\n"u8)) return true;
        return false;
    }

    public void Dispose() => _stream.Dispose();

    private bool ReadLine()
    {
        TooLong = false;
        LineOffset = _bufferOffset + _start;
        var scanned = _start;
        while (true)
        {
            var newline = _buffer.AsSpan(scanned, _end - scanned).IndexOf((byte)'\n');
            if (newline >= 0) return Take(scanned + newline, skip: 1);
            scanned = _end;
            if (scanned - _start > _maxLineBytes + MarksOfALine) return SkipRest();
            if (!Fill(ref scanned)) return _end > _start && Take(_end, skip: 0);
        }
    }

    private bool Take(int end, int skip)
    {
        var start = LineOffset == 0 && _buffer.AsSpan(_start, end - _start).StartsWith("\uFEFF"u8) ? _start + 3 : _start;
        var trimmed = end > start && _buffer[end - 1] == '\r' ? end - 1 : end;
        TooLong = trimmed - start > _maxLineBytes;
        _line = TooLong ? 0..0 : start..trimmed;
        _start = end + skip;
        LineNumber++;
        return true;
    }

    // A line over the limit is read to its end without keeping it, so that the next line is found.
    private bool SkipRest()
    {
        TooLong = true;
        while (true)
        {
            _bufferOffset += _end;
            _start = _end = 0;
            var read = _stream.Read(_buffer);
            _end = read;
            var newline = _buffer.AsSpan(0, read).IndexOf((byte)'\n');
            if (newline < 0 && read > 0) continue;
            _line = 0..0;
            _start = newline < 0 ? 0 : newline + 1;
            LineNumber++;
            return true;
        }
    }

    private bool Fill(ref int scanned)
    {
        if (_start > 0) Compact(ref scanned);
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }

    private void Compact(ref int scanned)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _bufferOffset += _start;
        _end -= _start;
        scanned -= _start;
        _start = 0;
    }
}
