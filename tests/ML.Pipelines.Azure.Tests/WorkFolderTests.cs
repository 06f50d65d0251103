namespace ML.Pipelines.Azure.Tests;

[TestClass]
public sealed class WorkFolderTests
{
    private readonly string _parent = Directory.CreateTempSubdirectory("ml-pipelines-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_parent, recursive: true);

    [TestMethod]
    public void The_folder_is_made_with_its_first_file_and_removed_when_disposed()
    {
        using (var folder = new WorkFolder(_parent))
        {
            Assert.IsEmpty(Directory.GetFileSystemEntries(_parent));
            File.WriteAllText(folder.PathOf("staged", "data/part-0.parquet"), "x");
            Assert.ContainsSingle(Directory.GetFileSystemEntries(_parent));
        }
        Assert.IsEmpty(Directory.GetFileSystemEntries(_parent));
    }

    [TestMethod]
    public void Nobody_else_may_read_the_folder()
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("Windows gives each user a folder for temporary files.");
        using var folder = new WorkFolder(_parent);
        folder.PathOf("staged", "plan.json");
        var mode = new DirectoryInfo(Assert.ContainsSingle(Directory.GetDirectories(_parent))).UnixFileMode;
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
    }

    [TestMethod]
    [DataRow("../../etc/passwd", "passwd")]
    [DataRow("a/..", "file")]
    [DataRow("/etc/passwd", "passwd")]
    [DataRow("a/", "file")]
    [DataRow("a/b\0c", "b_c")]
    public void A_name_cannot_lead_out_of_the_folder(string name, string file)
    {
        using var folder = new WorkFolder(_parent);
        var path = folder.PathOf("fetched", name);
        Assert.StartsWith(_parent, Path.GetFullPath(path));
        Assert.AreEqual(file, Path.GetFileName(path));
    }

    [TestMethod]
    public void Names_uses_and_versions_have_files_of_their_own()
    {
        using var folder = new WorkFolder(_parent);
        string[] paths =
        [
            folder.PathOf("staged", "a/x"), folder.PathOf("staged", "b/x"), folder.PathOf("fetched", "a/x"),
            folder.PathOf("fetched", "a/x", "2"),
        ];
        CollectionAssert.AllItemsAreUnique(paths);
        Assert.AreEqual(paths[0], folder.PathOf("staged", "a/x"));
    }

    [TestMethod]
    public void Folders_of_processes_that_died_are_removed_a_day_later()
    {
        var (old, young) = (Abandoned("old", TimeSpan.FromDays(2)), Abandoned("young", TimeSpan.FromHours(1)));
        var (foreign, unlocked) = (Path.Combine(_parent, "other"), Path.Combine(_parent, "mlpipe-azure-new"));
        Directory.CreateDirectory(foreign);
        Directory.CreateDirectory(unlocked);
        using var folder = new WorkFolder(_parent);
        folder.PathOf("staged", "plan.json");
        Assert.IsFalse(Directory.Exists(old));
        foreach (var kept in new[] { young, foreign, unlocked }) Assert.IsTrue(Directory.Exists(kept), kept);
    }

    [TestMethod]
    public void A_folder_from_before_the_clock_was_set_back_is_removed()
    {
        var ahead = Abandoned("ahead", TimeSpan.FromDays(-365));
        using var folder = new WorkFolder(_parent);
        folder.PathOf("staged", "plan.json");
        Assert.IsFalse(Directory.Exists(ahead));
    }

    [TestMethod]
    [DataRow(-9)]
    [DataRow(-365)]
    [DataRow(365)]
    public void A_folder_that_is_in_use_stays_however_old_it_is_by_the_clock(int days)
    {
        using var used = new WorkFolder(_parent);
        var path = used.PathOf("staged", "plan.json");
        File.WriteAllText(path, "x");
        var folder = Assert.ContainsSingle(Directory.GetDirectories(_parent));
        File.SetLastWriteTimeUtc(Path.Combine(folder, "lock"), DateTime.UtcNow.AddDays(days));
        using var other = new WorkFolder(_parent);
        other.PathOf("staged", "plan.json");
        Assert.IsTrue(File.Exists(path));
    }

    private string Abandoned(string name, TimeSpan age)
    {
        var folder = Path.Combine(_parent, "mlpipe-azure-" + name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "lock"), "");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "lock"), DateTime.UtcNow - age);
        return folder;
    }
}
