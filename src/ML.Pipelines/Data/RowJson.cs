using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>Writes rows of a data view as JSON objects; nulls are null, companions are left out.</summary>
internal static class RowJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A function that gives the current row as JSON. All columns of the row's schema must be active.</summary>
    public static Func<string> Writer(DataViewRow row)
    {
        var columns = row.Schema.Where(column => !column.IsHidden && !Nulls.IsCompanion(column)).ToArray();
        var values = Array.ConvertAll(columns, column => Value(row, column));
        return () =>
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream, Options))
            {
                json.WriteStartObject();
                for (var i = 0; i < columns.Length; i++)
                {
                    json.WritePropertyName(columns[i].Name);
                    values[i](json);
                }
                json.WriteEndObject();
            }
            return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        };
    }

    private static Action<Utf8JsonWriter> Value(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType list => List(row, column, list),
        StructDataViewType type => Nullable(row, column, Columns.Value<StructValue>(row, column), (json, value) => WriteStruct(json, type.Fields, value)),
        StructListDataViewType type => Nullable(row, column, Structs(row, column, type), (json, values) => WriteStructs(json, type.Fields, values)),
        _ => (Action<Utf8JsonWriter>)typeof(RowJson).GetMethod(nameof(Scalar), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!,
    };

    private static Action<Utf8JsonWriter> Scalar<T>(DataViewRow row, DataViewSchema.Column column) =>
        Nullable(row, column, Columns.Value<T>(row, column), (json, value) => WriteScalar(json, value));

    private static Action<Utf8JsonWriter> Nullable<T>(
        DataViewRow row, DataViewSchema.Column column, Func<T> value, Action<Utf8JsonWriter, T> write)
    {
        var isNull = Columns.IsNull(row, column);
        return json =>
        {
            if (isNull()) json.WriteNullValue();
            else write(json, value());
        };
    }

    private static Func<StructValue?[]> Structs(DataViewRow row, DataViewSchema.Column column, StructListDataViewType type)
    {
        var getter = type.GetStructs(row, column);
        StructValue?[] values = [];
        return () =>
        {
            getter(ref values);
            return values;
        };
    }

    private static Action<Utf8JsonWriter> List(DataViewRow row, DataViewSchema.Column column, VectorDataViewType type) =>
        (Action<Utf8JsonWriter>)typeof(RowJson).GetMethod(nameof(TypedList), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(type.ItemType.RawType).Invoke(null, [row, column])!;

    private static Action<Utf8JsonWriter> TypedList<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var values = Columns.Value<VBuffer<T>>(row, column);
        var companion = Nulls.CompanionOf(row.Schema, column);
        Func<VBuffer<bool>> nulls = companion is { } flags ? Columns.Value<VBuffer<bool>>(row, flags) : () => default;
        return json => WriteList(json, values(), nulls());
    }

    private static void WriteList<T>(Utf8JsonWriter json, VBuffer<T> values, VBuffer<bool> nulls)
    {
        if (values.Length == 0 && nulls.Length == 1 && nulls.GetItemOrDefault(0))
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartArray();
        for (var i = 0; i < values.Length; i++)
        {
            if (i < nulls.Length && nulls.GetItemOrDefault(i)) json.WriteNullValue();
            else WriteScalar(json, values.GetItemOrDefault(i));
        }
        json.WriteEndArray();
    }

    private static void WriteStructs(Utf8JsonWriter json, IReadOnlyList<StructField> fields, StructValue?[] values)
    {
        json.WriteStartArray();
        foreach (var value in values) WriteStruct(json, fields, value);
        json.WriteEndArray();
    }

    private static void WriteStruct(Utf8JsonWriter json, IReadOnlyList<StructField> fields, StructValue? value)
    {
        if (value is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        for (var i = 0; i < fields.Count; i++)
        {
            json.WritePropertyName(fields[i].Name);
            WriteScalar(json, value[i]);
        }
        json.WriteEndObject();
    }

    private static void WriteScalar<T>(Utf8JsonWriter json, T value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case ReadOnlyMemory<char> text: json.WriteStringValue(text.Span); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case float number when !float.IsFinite(number): json.WriteStringValue(number.ToString(System.Globalization.CultureInfo.InvariantCulture)); break;
            case double number when !double.IsFinite(number): json.WriteStringValue(number.ToString(System.Globalization.CultureInfo.InvariantCulture)); break;
            default: json.WriteRawValue(JsonSerializer.Serialize(value)); break;
        }
    }
}
