package io.dockerworkflow.examples.cli;

import io.dockerworkflow.testsupport.PublicApiRules;

class PublicApiTest extends PublicApiRules {
    PublicApiTest() {
        super(LogsCommand.class, "LogsCommand");
    }
}
