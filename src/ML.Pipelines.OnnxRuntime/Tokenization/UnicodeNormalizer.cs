using System.Globalization;
using System.Text;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>Unicode normalization forms C, D, KC and KD from own tables (Unicode 14).</summary>
/// <remarks><see cref="string.Normalize()"/> returns its input unchanged under InvariantGlobalization, which would change token ids
/// silently.</remarks>
internal static class UnicodeNormalizer
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int VowelCount = 21, TrailCount = 28, LeadCount = 19, HangulCount = LeadCount * VowelCount * TrailCount;
    private static readonly Lazy<Tables> Data = new(Tables.Load);

    public static string Normalize(string text, NormalizationForm form)
    {
        if (System.Text.Ascii.IsValid(text))
            return text;
        var decomposed = Decompose(text, form is NormalizationForm.FormKC or NormalizationForm.FormKD);
        Reorder(decomposed);
        if (form is NormalizationForm.FormC or NormalizationForm.FormKC)
            Compose(decomposed);
        return ToText(decomposed);
    }

    private static List<int> Decompose(string text, bool compatibility)
    {
        var codes = new List<int>(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value - HangulBase is >= 0 and < HangulCount)
                AppendHangul(rune.Value - HangulBase, codes);
            else
                codes.AddRange(Data.Value.Decomposition(rune.Value, compatibility));
        }
        return codes;
    }

    private static void AppendHangul(int syllable, List<int> codes)
    {
        codes.Add(LeadBase + syllable / (VowelCount * TrailCount));
        codes.Add(VowelBase + syllable % (VowelCount * TrailCount) / TrailCount);
        if (syllable % TrailCount != 0)
            codes.Add(TrailBase + syllable % TrailCount);
    }

    private static void Reorder(List<int> codes)
    {
        for (var start = 0; start < codes.Count; start++)
        {
            var end = start;
            while (end < codes.Count && Data.Value.CombiningClass(codes[end]) != 0)
                end++;
            if (end - start > 1)
                SortByClass(codes, start, end);
            start = end;
        }
    }

    private static void SortByClass(List<int> codes, int start, int end)
    {
        var sorted = codes.GetRange(start, end - start).OrderBy(Data.Value.CombiningClass).ToList();
        for (var i = 0; i < sorted.Count; i++)
            codes[start + i] = sorted[i];
    }

    private static void Compose(List<int> codes)
    {
        int starter = -1, kept = 0, previousClass = -1;
        for (var i = 0; i < codes.Count; i++)
        {
            var code = codes[i];
            var combiningClass = Data.Value.CombiningClass(code);
            if (starter >= 0 && previousClass < combiningClass && Composite(codes[starter], code) is { } composite)
            {
                codes[starter] = composite;
                continue;
            }
            if (combiningClass == 0)
                starter = kept;
            // After a starter nothing is blocked yet, whatever the class of the next mark.
            previousClass = combiningClass == 0 ? -1 : combiningClass;
            codes[kept++] = code;
        }
        codes.RemoveRange(kept, codes.Count - kept);
    }

    private static int? Composite(int first, int second)
    {
        if (first - LeadBase is >= 0 and < LeadCount && second - VowelBase is >= 0 and < VowelCount)
            return HangulBase + ((first - LeadBase) * VowelCount + second - VowelBase) * TrailCount;
        if (first - HangulBase is >= 0 and < HangulCount && (first - HangulBase) % TrailCount == 0
            && second - TrailBase is > 0 and < TrailCount)
            return first + second - TrailBase;
        return Data.Value.Composite(first, second);
    }

    private static string ToText(List<int> codes)
    {
        var text = new StringBuilder(codes.Count);
        Span<char> units = stackalloc char[2];
        foreach (var code in codes)
            text.Append(units[..new Rune(code).EncodeToUtf16(units)]);
        return text.ToString();
    }

    private sealed class Tables
    {
        private readonly Dictionary<int, int> _classes = [];
        private readonly Dictionary<int, int[]> _canonical = [];
        private readonly Dictionary<int, int[]> _compatible = [];
        private readonly Dictionary<(int, int), int> _composites = [];

        public static Tables Load()
        {
            var tables = new Tables();
            using var stream = typeof(UnicodeNormalizer).Assembly.GetManifestResourceStream("Normalization.txt")!;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
                tables.Add(line);
            return tables;
        }

        public int CombiningClass(int code) => code < 0x300 ? 0 : _classes.GetValueOrDefault(code);

        public int? Composite(int first, int second) => _composites.TryGetValue((first, second), out var composite) ? composite : null;

        public int[] Decomposition(int code, bool compatibility) =>
            compatibility && _compatible.TryGetValue(code, out var compatible) ? compatible
            : _canonical.TryGetValue(code, out var canonical) ? canonical
            : [code];

        private void Add(string line)
        {
            if (line[0] == '#')
                return;
            var numbers = line[2..].Split(' ').Select(x => int.Parse(x, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            switch (line[0])
            {
                case 'C': _classes.Add(numbers[0], numbers[1]); break;
                case 'D': _canonical.Add(numbers[0], numbers[1..]); break;
                case 'K': _compatible.Add(numbers[0], numbers[1..]); break;
                default: _composites.Add((numbers[0], numbers[1]), numbers[2]); break;
            }
        }
    }
}
