// Most of the time goes into starting processes and waiting for disks; more than two at once would only fill memory.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]
