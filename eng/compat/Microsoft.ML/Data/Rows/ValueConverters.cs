using System.Numerics;

namespace Microsoft.ML.Data;

internal sealed class IdentityConverter<T> : ValueConverter<T, T>
{
    internal override void ToColumn(T from, ref T to) => to = from;

    internal override void FromColumn(in T from, ref T to) => to = from;
}

internal sealed class StringConverter : ValueConverter<string, ReadOnlyMemory<char>>
{
    internal override void ToColumn(string from, ref ReadOnlyMemory<char> to) => to = from.AsMemory();

    internal override void FromColumn(in ReadOnlyMemory<char> from, ref string to) => to = from.ToString();
}

/// <summary>A key's raw value is one more than the member's, and 0 (missing) where that is out of the key's range.</summary>
internal sealed class KeyConverter<T>(ulong count) : ValueConverter<T, T>
    where T : struct, IBinaryInteger<T>
{
    internal override void ToColumn(T from, ref T to) => to = ulong.CreateTruncating(from) < count ? from + T.One : T.Zero;

    internal override void FromColumn(in T from, ref T to) => to = from;
}

internal sealed class BufferConverter<T> : ValueConverter<VBuffer<T>, VBuffer<T>>
{
    internal override void ToColumn(VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to);

    internal override void FromColumn(in VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to);

    internal override VBuffer<T> Fresh(in VBuffer<T> from)
    {
        VBuffer<T> to = default;
        from.CopyTo(ref to);
        return to;
    }
}

internal sealed class ArrayConverter<T> : ValueConverter<T[], VBuffer<T>>
{
    internal override void ToColumn(T[] from, ref VBuffer<T> to) => VBuffer<T>.Copy(from, 0, ref to, from?.Length ?? 0);

    internal override void FromColumn(in VBuffer<T> from, ref T[] to)
    {
        if ((to?.Length ?? 0) != from.Length) to = new T[from.Length];
        from.CopyTo(to);
    }

    internal override T[] Fresh(in VBuffer<T> from)
    {
        var to = new T[from.Length];
        from.CopyTo(to);
        return to;
    }
}

internal sealed class StringArrayConverter : ValueConverter<string[], VBuffer<ReadOnlyMemory<char>>>
{
    internal override void ToColumn(string[] from, ref VBuffer<ReadOnlyMemory<char>> to)
    {
        var editor = VBufferEditor.Create(ref to, from?.Length ?? 0);
        for (var i = 0; i < editor.Values.Length; i++) editor.Values[i] = from[i].AsMemory();
        to = editor.Commit();
    }

    internal override void FromColumn(in VBuffer<ReadOnlyMemory<char>> from, ref string[] to)
    {
        if ((to?.Length ?? 0) != from.Length) to = new string[from.Length];
        foreach (var (index, text) in from.Items(all: true)) to[index] = text.ToString();
    }

    internal override string[] Fresh(in VBuffer<ReadOnlyMemory<char>> from)
    {
        var to = new string[from.Length];
        FromColumn(from, ref to);
        return to;
    }
}
