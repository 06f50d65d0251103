using System.Runtime.InteropServices;
using Apache.Arrow.C;

namespace ML.Pipelines.Parquet.DuckDB;

/// <summary>The part of DuckDB's C API that is used (duckdb.h of 1.5), named as there.</summary>
internal static unsafe partial class DuckDBNative
{
    public const int Success = 0;
    private const string Library = "duckdb";

    /// <summary>duckdb_result: passed by value to <see cref="duckdb_fetch_chunk"/>, by address elsewhere.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Result
    {
        private readonly ulong _columnCount;
        private readonly ulong _rowCount;
        private readonly ulong _rowsChanged;
        private readonly nint _columns;
        private readonly nint _errorMessage;
        private readonly nint _internalData;
    }

    [LibraryImport(Library)]
    public static partial int duckdb_create_config(out nint config);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_set_config(nint config, string name, string option);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_config(ref nint config);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_open_ext(string? path, out DatabaseHandle database, nint config, out nint error);

    [LibraryImport(Library)]
    public static partial void duckdb_close(ref nint database);

    [LibraryImport(Library)]
    public static partial int duckdb_connect(DatabaseHandle database, out ConnectionHandle connection);

    [LibraryImport(Library)]
    public static partial void duckdb_disconnect(ref nint connection);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_prepare(ConnectionHandle connection, string query, out StatementHandle statement);

    [LibraryImport(Library)]
    public static partial nint duckdb_prepare_error(StatementHandle statement);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_prepare(ref nint statement);

    [LibraryImport(Library)]
    public static partial int duckdb_execute_prepared_streaming(StatementHandle statement, Result* result);

    [LibraryImport(Library)]
    public static partial nint duckdb_result_error(Result* result);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_result(Result* result);

    [LibraryImport(Library)]
    public static partial ulong duckdb_column_count(Result* result);

    [LibraryImport(Library)]
    public static partial nint duckdb_column_name(Result* result, ulong column);

    [LibraryImport(Library)]
    public static partial nint duckdb_column_logical_type(Result* result, ulong column);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_logical_type(nint* type);

    [LibraryImport(Library)]
    public static partial nint duckdb_fetch_chunk(Result result);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_data_chunk(ref nint chunk);

    [LibraryImport(Library)]
    public static partial nint duckdb_result_get_arrow_options(Result* result);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_arrow_options(ref nint options);

    [LibraryImport(Library)]
    public static partial nint duckdb_to_arrow_schema(nint options, nint* types, nint* names, ulong count, CArrowSchema* schema);

    [LibraryImport(Library)]
    public static partial nint duckdb_data_chunk_to_arrow(nint options, nint chunk, CArrowArray* array);

    [LibraryImport(Library)]
    public static partial nint duckdb_error_data_message(nint error);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool duckdb_error_data_has_error(nint error);

    [LibraryImport(Library)]
    public static partial void duckdb_destroy_error_data(ref nint error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_arrow_scan(ConnectionHandle connection, string view, ArrowStream* stream);

    [LibraryImport(Library)]
    public static partial void duckdb_free(nint pointer);

    /// <summary>ArrowArrayStream of the Arrow C stream interface.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ArrowStream
    {
        public delegate* unmanaged<ArrowStream*, CArrowSchema*, int> GetSchema;
        public delegate* unmanaged<ArrowStream*, CArrowArray*, int> GetNext;
        public delegate* unmanaged<ArrowStream*, byte*> GetLastError;
        public delegate* unmanaged<ArrowStream*, void> Release;
        public nint PrivateData;
    }

    internal sealed class DatabaseHandle() : SafeHandle(0, true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            duckdb_close(ref handle);
            return true;
        }
    }

    internal sealed class ConnectionHandle() : SafeHandle(0, true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            duckdb_disconnect(ref handle);
            return true;
        }
    }

    internal sealed class StatementHandle() : SafeHandle(0, true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            duckdb_destroy_prepare(ref handle);
            return true;
        }
    }

    /// <summary>A result in native memory of its own.</summary>
    internal sealed class ResultHandle : SafeHandle
    {
        public ResultHandle() : base(0, true) => SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(Result)));

        public override bool IsInvalid => handle == 0;

        public Result* Pointer => (Result*)handle;

        protected override bool ReleaseHandle()
        {
            duckdb_destroy_result(Pointer);
            NativeMemory.Free(Pointer);
            return true;
        }
    }
}
