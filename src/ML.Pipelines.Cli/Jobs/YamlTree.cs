using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>Reads YAML text into nodes that know their places.</summary>
/// <remarks>
/// It reads events because the library's own document model stops at a repeated key, and all faults of a file are to be told at once.
/// </remarks>
internal sealed class YamlTree
{
    // Job files are at most five levels deep; the limit keeps a hostile file from overflowing the stack.
    private const int MostLevels = 50;

    private readonly Dictionary<AnchorName, JobNode> _anchors = [];
    private readonly Parser _parser;
    private readonly Func<Mark, Place> _place;

    private YamlTree(string text, Func<Mark, Place> place) => (_parser, _place) = (new Parser(new StringReader(text)), place);

    /// <summary>The only document of a job file; an empty file is null's scalar.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: not one YAML document.</exception>
    public static JobNode OfFile(string text, Place file)
    {
        try
        {
            return new YamlTree(text, mark => At(file, mark)).Read();
        }
        catch (YamlException exception)
        {
            throw Invalid(text, file, exception);
        }
    }

    /// <summary>A value from the command line, all of it at one place.</summary>
    /// <exception cref="YamlException">Not one YAML document.</exception>
    public static JobNode OfValue(string text, Place place) => new YamlTree(text, _ => place).Read();

    private JobNode Read()
    {
        try
        {
            return Document();
        }
        // The library's scanner meets some broken texts, such as an unclosed list, with exceptions that were meant for its own faults.
        catch (Exception exception) when (exception is not YamlException)
        {
            var last = _parser.Current?.End ?? Mark.Empty;
            throw new YamlException(last, last, "what follows cannot be read; perhaps a quote or bracket is not closed", exception);
        }
    }

    private JobNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return new ScalarNode(_place(Mark.Empty), "", true);
        _parser.Consume<DocumentStart>();
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<StreamEnd>(out _)) return root;
        throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a second document starts here; a job file has one");
    }

    private JobNode Node(int level)
    {
        var current = _parser.Current!;
        if (level > MostLevels) throw new YamlException(current.Start, current.End, $"more than {MostLevels} levels deep");
        if (_parser.TryConsume<AnchorAlias>(out var alias)) return Aliased(alias);
        var anchor = ((NodeEvent)current).Anchor;
        var node = Content(level);
        if (!anchor.IsEmpty) _anchors[anchor] = node;
        return node;
    }

    private JobNode Aliased(AnchorAlias alias) => _anchors.GetValueOrDefault(alias.Value)
        ?? throw new YamlException(alias.Start, alias.End, $"*{alias.Value} stands for nothing before it");

    private JobNode Content(int level)
    {
        if (_parser.TryConsume<Scalar>(out var scalar)) return Value(scalar);
        return _parser.TryConsume<SequenceStart>(out var list) ? List(list, level) : Map(_parser.Consume<MappingStart>(), level);
    }

    private ScalarNode Value(Scalar scalar) => new(_place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);

    private ListNode List(SequenceStart start, int level)
    {
        var items = new List<JobNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(level + 1));
        return new ListNode(_place(start.Start), items);
    }

    private MapNode Map(MappingStart start, int level)
    {
        var entries = new List<MapEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _)) entries.Add(new MapEntry(Key(), Node(level + 1)));
        return new MapNode(_place(start.Start), entries);
    }

    private ScalarNode Key() => _parser.TryConsume<Scalar>(out var key)
        ? Value(key)
        : throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be a plain name");

    private static Place At(Place start, Mark mark) =>
        start with { Line = Math.Max(1, (int)mark.Line), Column = Math.Max(1, (int)mark.Column) };

    private static PipelineException Invalid(string text, Place file, YamlException exception)
    {
        var mark = At(file, exception.Start);
        var (line, tab) = text.Split('\n').Take((int)exception.End.Line).Index().Skip(mark.Line - 1)
            .Select(line => (line.Index + 1, IndentingTab(line.Item))).FirstOrDefault(line => line.Item2 >= 0);
        return new PipelineException(ErrorCode.Configuration, line > 0
            ? $"{mark with { Line = line, Column = tab + 1 }}: a tab indents this line. Indent with spaces; YAML takes no tabs."
            : $"{mark}: not valid YAML: {exception.Message.TrimEnd('.')}.", exception);
    }

    private static int IndentingTab(string line) => line[..^line.TrimStart().Length].IndexOf('\t', StringComparison.Ordinal);
}
