using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ML.Pipelines.Schedulers.Tests;

/// <summary>Slurm on this machine: munged, slurmctld and slurmd with their own configuration in a folder and on loopback ports.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly string ProgramPath = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
    private static readonly string[] Programs = ["munged", "slurmctld", "slurmd", "sbatch", "srun"];
    private readonly TestFolder _folder = new();
    private readonly List<Process> _daemons = [];

    private SlurmCluster()
    {
        Directory.CreateDirectory(File("state"));
        Directory.CreateDirectory(File("spool"));
        System.IO.File.WriteAllBytes(File("munge.key"), RandomNumberGenerator.GetBytes(128));
        System.IO.File.WriteAllText(File("slurm.conf"), Configuration());
    }

    /// <summary>Starts the daemons and waits until the node takes jobs; inconclusive where Slurm is not installed.</summary>
    public static SlurmCluster Start()
    {
        var folders = ProgramPath.Split(':');
        if (!Programs.All(program => folders.Any(folder => System.IO.File.Exists(Path.Combine(folder, program)))))
            Assert.Inconclusive("Run eng/setup-slurm.sh once.");
        var cluster = new SlurmCluster();
        try
        {
            cluster.StartDaemons();
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
        return cluster;
    }

    /// <summary>Plans and submits a run as a user does.</summary>
    /// <returns>The numbers of the array and of the merge.</returns>
    public (string Array, string Merge) Submit(string folder, string mlpipe, string job, string output, int slices, params string[] options)
    {
        var submit = Path.Combine(AppContext.BaseDirectory, "pipelines", "schedulers", "slurm", "submit.sh");
        var result = Shell.Run(folder, Variables(("MLPIPE", mlpipe)), "bash", [submit, job, output, $"{slices}", .. options]).Expect(0);
        var numbers = result.Output.Split('\n').Select(line => line.Split(' ')).Where(words => words is ["array" or "merge", _])
            .ToDictionary(words => words[0], words => words[1]);
        return (numbers["array"], numbers["merge"]);
    }

    /// <summary>What Slurm says of a job and, for an array, of each task.</summary>
    public IReadOnlyList<SlurmJob> Jobs(string number)
    {
        var result = Command("scontrol", "show", "job", "--oneliner", number);
        return [.. result.Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SlurmJob.Parse)];
    }

    public SlurmJob Job(string number) => Jobs(number).Single();

    /// <summary>Waits until a job and all its tasks have ended.</summary>
    public IReadOnlyList<SlurmJob> WaitForEnd(string number, TimeSpan limit)
    {
        IReadOnlyList<SlurmJob> jobs = [];
        WaitUntil(() => (jobs = Jobs(number)).All(job => job.HasEnded), limit, $"the end of job {number}");
        return jobs;
    }

    public void Cancel(params string[] arguments) => Command("scancel", arguments).Expect(0);

    public void WaitUntil(Func<bool> condition, TimeSpan limit, string what)
    {
        var started = Stopwatch.StartNew();
        while (!condition())
        {
            if (started.Elapsed > limit) Assert.Fail($"Waited {limit} for {what}.\n{Command("squeue", "--all").Output}\n{Logs()}");
            Thread.Sleep(TimeSpan.FromMilliseconds(100));
        }
    }

    public void Dispose()
    {
        try
        {
            // Jobs first: a job's processes outlive slurmd.
            if (_daemons.Count == 3 && Command("scancel", "--user", Environment.UserName) is { ExitCode: 0 })
                WaitUntil(() => Command("squeue", "--noheader").Output.Length == 0, TimeSpan.FromMinutes(1), "the end of all jobs");
        }
        finally
        {
            foreach (var daemon in Enumerable.Reverse(_daemons)) Stop(daemon);
            _folder.Dispose();
        }
    }

    private void StartDaemons()
    {
        // Forced, since the key and the socket are as safe as the folder, which is this user's alone.
        var munged = $"munged --foreground --force --key-file={File("munge.key")} --socket={File("munge.socket")}"
            + $" --pid-file={File("munged.pid")} --seed-file={File("munge.seed")} --log-file={File("munged.log")}";
        StartDaemon(munged);
        WaitUntil(() => Command("munge", "--no-input", "--socket", File("munge.socket")).ExitCode == 0, TimeSpan.FromMinutes(1), "munged");
        StartDaemon("slurmctld -D");
        WaitUntil(() => Command("scontrol", "ping").Output.Contains(" UP", StringComparison.Ordinal), TimeSpan.FromMinutes(1), "slurmctld");
        StartDaemon("slurmd -D");
        WaitUntil(() => Command("sinfo", "--noheader", "--format=%T").Output.Trim() == "idle", TimeSpan.FromMinutes(1), "an idle node");
    }

    /// <summary>Through a shell that the daemon replaces, so that its output goes to a file and its number is the process's.</summary>
    private void StartDaemon(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec {command} >> {File("daemons.log")} 2>&1"]);
        foreach (var (name, value) in Variables()) start.Environment[name] = value;
        _daemons.Add(Process.Start(start)!);
    }

    private static void Stop(Process daemon)
    {
        using (daemon)
        {
            Process.Start("kill", ["-TERM", $"{daemon.Id}"]).WaitForExit();
            if (!daemon.WaitForExit(TimeSpan.FromSeconds(20))) daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit();
        }
    }

    private Shell.Result Command(string program, params string[] arguments) => Shell.Run(_folder.Path, Variables(), program, arguments);

    private Dictionary<string, string> Variables(params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string> { ["PATH"] = ProgramPath, ["SLURM_CONF"] = File("slurm.conf") };
        foreach (var (name, value) in more) variables[name] = value;
        return variables;
    }

    private string Logs() =>
        string.Join('\n', Directory.GetFiles(_folder.Path, "*.log").Select(file => $"{file}:\n{System.IO.File.ReadAllText(file)}"));

    private string File(string name) => _folder.File(name);

    /// <summary>One node with two processors, whatever the machine has; a job's exit and a requeue are seen within seconds.</summary>
    private string Configuration()
    {
        var (host, ports) = (Environment.MachineName.Split('.')[0], FreePorts(2));
        return $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={ports[0]}
            SlurmdPort={ports[1]}
            SlurmUser={Environment.UserName}
            SlurmdUser={Environment.UserName}
            AuthType=auth/munge
            AuthInfo=socket={File("munge.socket")},cred_expire=5
            StateSaveLocation={File("state")}
            SlurmdSpoolDir={File("spool")}
            SlurmctldPidFile={File("slurmctld.pid")}
            SlurmdPidFile={File("slurmd.pid")}
            MailProg=/bin/true
            MpiDefault=none
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SchedulerParameters=batch_sched_delay=0,sched_interval=1
            SlurmdParameters=config_overrides
            ReturnToService=2
            KillWait=5
            MinJobAge=3600
            NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
            PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """.ReplaceLineEndings("\n");
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
