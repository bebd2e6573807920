package io.dockerworkflow.examples.benchmark.gateway;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One request and its answer over a connection that stays open. What is at its other end runs in another process. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LatencyBenchmark {

    /** Where to connect. */
    @Param("")
    public String socket = "";

    /** What to ask for. */
    @Param("/_ping")
    public String target = "";

    private KeepAliveClient client = KeepAliveClient.CLOSED;

    @Setup
    public void connect() throws IOException {
        client = new KeepAliveClient(SocketChannel.open(UnixDomainSocketAddress.of(Path.of(socket))), target);
    }

    @TearDown
    public void close() throws IOException {
        client.close();
    }

    @Benchmark
    public int get() throws IOException {
        return client.get();
    }
}
