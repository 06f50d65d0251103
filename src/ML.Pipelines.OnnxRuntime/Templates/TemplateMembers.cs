namespace ML.Pipelines.OnnxRuntime.Templates;

/// <summary>Members, items, slices and methods of values: the whole of what a template can reach in one.</summary>
internal static class TemplateMembers
{
    /// <summary><c>value.name</c>: a method, else an entry; undefined where there is neither.</summary>
    public static object? Member(object? value, string name) => value switch
    {
        NamespaceValue space => space.Members.GetValueOrDefault(name, UndefinedValue.Instance),
        IReadOnlyDictionary<string, object?> entries => DictionaryMethod(entries, name)
            ?? entries.GetValueOrDefault(name, UndefinedValue.Instance),
        string text => StringMethods.Find(text, name) ?? (object)UndefinedValue.Instance,
        IReadOnlyList<object?> items => ListMethod(items, name) ?? (object)UndefinedValue.Instance,
        _ => UndefinedValue.Instance,
    };

    /// <summary><c>value[index]</c>: an entry, item or character, counted from the end where negative; else a member.</summary>
    /// <exception cref="TemplateException">A list or string is indexed by something else than an integer or a method's name.</exception>
    public static object? Item(object? value, object? index, int at) => (value, index) switch
    {
        (IReadOnlyDictionary<string, object?> entries, string key) => entries.TryGetValue(key, out var found) ? found : Member(value, key),
        (_, string name) => Member(value, name),
        (string text, long number) => Element(TemplateValues.Items(text)!, number),
        (IReadOnlyList<object?> items, long number) => Element(items, number),
        (IReadOnlyDictionary<string, object?>, _) => UndefinedValue.Instance,
        _ => throw new TemplateException($"{TemplateValues.KindOf(value)} has no item {TemplateValues.KindOf(index)}.", at),
    };

    /// <summary><c>value[start:stop:step]</c> by Python's rules; none is left out.</summary>
    /// <exception cref="TemplateException">The value is no list or string, or a bound no integer.</exception>
    public static object Slice(object? value, object? start, object? stop, object? step, int at)
    {
        if (value is not (string or IReadOnlyList<object?>))
            throw new TemplateException($"{TemplateValues.KindOf(value)} has no slices.", at);
        var items = TemplateValues.Items(value)!;
        var by = Bound(step, 1, at);
        if (by == 0) throw new TemplateException("A slice's step cannot be 0.", at);
        var (low, high) = by > 0 ? (0L, (long)items.Count) : (-1L, items.Count - 1L);
        var from = Clamp(Bound(start, by > 0 ? 0 : long.MaxValue, at), start is null, items.Count, low, high);
        var to = stop is null ? (by > 0 ? high : low) : Clamp(Bound(stop, 0, at), false, items.Count, low, high);
        var result = new List<object?>();
        for (var i = from; by > 0 ? i < to : i > to; i += by) result.Add(items[(int)i]);
        return value is string ? string.Concat(result.Cast<string>()) : result;
    }

    private static long Bound(object? bound, long ifAbsent, int at) => bound switch
    {
        null => ifAbsent,
        // Far beyond any length, and far from overflow.
        long number => Math.Clamp(number, -(1L << 40), 1L << 40),
        _ => throw new TemplateException($"A slice's bound is {TemplateValues.KindOf(bound)}.", at),
    };

    private static long Clamp(long bound, bool isAbsent, int count, long low, long high) =>
        Math.Clamp(bound < 0 && !isAbsent ? bound + count : bound, low, high);

    private static object? Element(IReadOnlyList<object?> items, long index)
    {
        var at = index < 0 ? index + items.Count : index;
        return at >= 0 && at < items.Count ? items[(int)at] : UndefinedValue.Instance;
    }

    private static TemplateFunction? DictionaryMethod(IReadOnlyDictionary<string, object?> entries, string name) => name switch
    {
        "items" => _ => Pairs(entries),
        "keys" => _ => entries.Keys.ToList<object?>(),
        "values" => _ => entries.Values.ToList(),
        "get" => arguments => arguments.Require(0, "key") is string key && entries.TryGetValue(key, out var value) ? value
            : arguments.Get(1, "default", null),
        _ => null,
    };

    private static TemplateFunction? ListMethod(IReadOnlyList<object?> items, string name) => name switch
    {
        "count" => arguments => (long)items.Count(item => TemplateValues.AreEqual(item, arguments.Require(0, "value"))),
        "index" => arguments => IndexOf(items, arguments),
        _ => null,
    };

    private static long IndexOf(IReadOnlyList<object?> items, TemplateArguments arguments)
    {
        for (var i = 0; i < items.Count; i++)
            if (TemplateValues.AreEqual(items[i], arguments.Require(0, "value"))) return i;
        throw new TemplateException("The list does not have the value.", arguments.At);
    }

    /// <summary>A dictionary's entries as pairs.</summary>
    public static List<object?> Pairs(IReadOnlyDictionary<string, object?> entries) =>
        [.. entries.Select(entry => new List<object?> { entry.Key, entry.Value })];
}
