namespace Microsoft.ML.Runtime;

/// <summary>An environment, or a component's part of one: a name for its messages and a seeded source of randomness.</summary>
internal sealed class Host : IHost, IHostEnvironmentInternal
{
    private readonly string _name;
    private readonly Action<string, ChannelMessage> _listener;

    internal Host(string name, int? seed, ComponentCatalog catalog, Action<string, ChannelMessage> listener)
    {
        (_name, Seed, ComponentCatalog, _listener) = (name, seed, catalog, listener);
        Rand = seed is { } value ? new Random(value) : new Random();
    }

    public int? Seed { get; }

    public Random Rand { get; }

    public ComponentCatalog ComponentCatalog { get; }

    public string ContextDescription => "HostEnvironment";

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Check.NonEmpty(name, nameof(name));
        lock (Rand) return new Host(name, seed ?? (Seed is null ? null : Rand.Next()), ComponentCatalog, _listener);
    }

    public IChannel Start(string name) => new Channel(_name is null ? name : $"{_name}; {name}", _listener);

    public IPipe<TMessage> StartPipe<TMessage>(string name)
        => typeof(TMessage) == typeof(ChannelMessage) ? (IPipe<TMessage>)Start(name) : new SilentPipe<TMessage>();

    public IProgressChannel StartProgressChannel(string name) => new SilentPipe<object>();

    public TException Process<TException>(TException ex)
        where TException : Exception => ex;
}
