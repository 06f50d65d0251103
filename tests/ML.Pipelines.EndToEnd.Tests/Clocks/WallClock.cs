using System.Diagnostics;

namespace ML.Pipelines.EndToEnd.Tests.Clocks;

/// <summary>The wall clock of processes that a test starts: it goes as the machine's, and jumps when it is told to.</summary>
internal sealed class WallClock
{
    private readonly string _library, _offset;

    /// <exception cref="AssertInconclusiveException">The machine is none on which the clock of a process can be moved.</exception>
    public WallClock(TestFolder folder)
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("Only Linux loads a clock into a process.");
        (_library, _offset) = (folder.File("clock.so"), folder.File("clock.offset"));
        Compile();
        Jump(TimeSpan.Zero);
    }

    /// <summary>Lets the clock differ from the machine's from now on.</summary>
    public void Jump(TimeSpan by)
    {
        // The processes map the file: it must stay, and change at once.
        using var file = new FileStream(_offset, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes((long)by.TotalSeconds));
    }

    /// <summary>Gives a process the clock.</summary>
    public void AddTo(ProcessStartInfo start) =>
        (start.Environment["LD_PRELOAD"], start.Environment["MLPIPE_TEST_CLOCK"]) = (_library, _offset);

    private void Compile()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Clocks", "clock.c");
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", _library, source]);
            compiler.WaitForExit();
            Assert.AreEqual(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Inconclusive("There is no C compiler (cc) for the clock.");
        }
    }
}
