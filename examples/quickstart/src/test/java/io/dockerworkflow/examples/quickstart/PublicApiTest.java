package io.dockerworkflow.examples.quickstart;

import io.dockerworkflow.testsupport.PublicApiRules;

class PublicApiTest extends PublicApiRules {
    PublicApiTest() {
        super(Quickstart.class);
    }
}
