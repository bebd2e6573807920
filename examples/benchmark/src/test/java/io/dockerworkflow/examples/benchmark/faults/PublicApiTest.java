package io.dockerworkflow.examples.benchmark.faults;

import io.dockerworkflow.testsupport.PublicApiRules;

class PublicApiTest extends PublicApiRules {
    PublicApiTest() {
        super(FaultsBenchmark.class);
    }
}
