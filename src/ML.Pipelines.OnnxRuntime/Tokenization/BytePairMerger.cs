namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>Byte-pair merging of one word: the lowest rank first, the leftmost of equal ranks first.</summary>
/// <remarks>A linked list with a priority queue: n log n in the length of the word.</remarks>
internal sealed class BytePairMerger
{
    private readonly Dictionary<long, (int Rank, int Id)> _merges = [];
    private int _ranks;

    /// <summary>Adds the next merge: ranks are in the order of adding, and of a repeated pair the last counts.</summary>
    public void Add(int left, int right, int merged) => _merges[Key(left, right)] = (_ranks++, merged);

    /// <summary>Merges the ids in place; returns how many are left.</summary>
    public int Merge(Span<int> ids)
    {
        if (ids.Length < 2)
            return ids.Length;
        var word = new Word(ids.ToArray(), _merges);
        word.MergeAll();
        return word.CopyTo(ids);
    }

    private static long Key(int left, int right) => (long)left << 32 | (uint)right;

    private sealed class Word
    {
        private const int Gone = -1;
        private readonly int[] _ids;
        private readonly int[] _next;
        private readonly int[] _previous;
        private readonly Dictionary<long, (int Rank, int Id)> _merges;
        private readonly PriorityQueue<(int Left, long Pair, int Merged), (int Rank, int Position)> _queue = new();

        public Word(int[] ids, Dictionary<long, (int Rank, int Id)> merges)
        {
            (_ids, _merges) = (ids, merges);
            _next = new int[ids.Length];
            _previous = new int[ids.Length];
            for (var i = 0; i < ids.Length; i++)
                (_previous[i], _next[i]) = (i - 1, i + 1);
            for (var i = 0; i + 1 < ids.Length; i++)
                Offer(i);
        }

        public void MergeAll()
        {
            while (_queue.TryDequeue(out var candidate, out _))
            {
                if (IsCurrent(candidate.Left, candidate.Pair))
                    Join(candidate.Left, candidate.Merged);
            }
        }

        public int CopyTo(Span<int> target)
        {
            var count = 0;
            for (var i = 0; i < _ids.Length; i = _next[i])
                target[count++] = _ids[i];
            return count;
        }

        private void Offer(int left)
        {
            if (left < 0 || _next[left] >= _ids.Length)
                return;
            var pair = Key(_ids[left], _ids[_next[left]]);
            if (_merges.TryGetValue(pair, out var merge))
                _queue.Enqueue((left, pair, merge.Id), (merge.Rank, left));
        }

        // A queued pair is stale once either side was merged away or into something else.
        private bool IsCurrent(int left, long pair) =>
            _ids[left] != Gone && _next[left] < _ids.Length && Key(_ids[left], _ids[_next[left]]) == pair;

        private void Join(int left, int merged)
        {
            var right = _next[left];
            _ids[left] = merged;
            _ids[right] = Gone;
            _next[left] = _next[right];
            if (_next[left] < _ids.Length)
                _previous[_next[left]] = left;
            Offer(_previous[left]);
            Offer(left);
        }
    }
}
