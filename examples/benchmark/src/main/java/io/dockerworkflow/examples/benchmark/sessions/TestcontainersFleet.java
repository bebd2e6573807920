package io.dockerworkflow.examples.benchmark.sessions;

import io.dockerworkflow.examples.benchmark.measure.ChildProgram;

/** Testcontainers, in a JVM of its own. */
final class TestcontainersFleet implements Fleet {
    private final ChildProgram program;

    TestcontainersFleet(ChildProgram program) {
        this.program = program;
    }

    @Override
    public String name() {
        return "Testcontainers";
    }

    @Override
    public void prepare() {
        program.ask("prepare");
    }

    @Override
    public double start() {
        return Double.parseDouble(program.ask("start"));
    }

    @Override
    public double stop() {
        return Double.parseDouble(program.ask("stop"));
    }
}
