package io.dockerworkflow.dood.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.OwnTags;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ImageRewriterTest {
    private static final String ID = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String OTHER = "dw-11112222-images/x/tag/app:1";

    private SessionContext session = new SessionContext();

    @AfterEach
    void close() {
        session.close();
    }

    private ImageRewriter view() {
        return new ImageRewriter(session.context());
    }

    private Optional<String> summary(String text) {
        return view().summary(Trees.object(text)).map(Trees::text);
    }

    private String own(String reference) {
        String engine = session.context().images().claim(reference);
        session.context().images().confirm(engine);
        return engine;
    }

    @Nested
    class All {
        @Test
        void imageHasTheSessionsTagsAndTheHosts() {
            String app = own("app:1");
            assertThat(summary("{'Id':'" + ID + "','RepoTags':['" + app + "','busybox:latest','" + OTHER
                            + "'],'RepoDigests':null,'Labels':{'io.dockerworkflow.session':'0a0b0c0d','a':'1'}}"))
                    .contains("{'Id':'" + ID
                            + "','RepoTags':['app:1','busybox:latest'],'RepoDigests':null,'Labels':{'a':'1'}}");
        }

        @Test
        void imageWhenItIsAnotherSessionsIsNotSeen() {
            assertThat(summary("{'Id':'" + ID + "','RepoTags':['" + OTHER + "']}"))
                    .isEmpty();
            assertThat(summary("{'Id':'" + ID + "','RepoTags':null,'Labels':{'io.dockerworkflow.session':'11112222'}}"))
                    .isEmpty();
            assertThat(summary("{'Id':'" + ID + "','RepoTags':['dw-lifeline:1']}"))
                    .isEmpty();
        }

        @Test
        void imageWhenItHasNoTagAndNoSessionIsSeen() {
            String image = "{'Id':'" + ID + "','RepoTags':null,'Labels':null}";
            assertThat(summary(image)).contains(image);
        }

        @Test
        void imageWhenTheGatewayHoldsItHasNoName() {
            String hold = session.context().ownTags().lease(ID);
            assertThat(summary("{'Id':'" + ID + "','RepoTags':['" + hold + "']}"))
                    .contains("{'Id':'" + ID + "','RepoTags':[]}");
        }

        @Test
        void tagOfTheHostsWhenTheSessionHasItIsAnotherImage() {
            own("busybox:latest");
            assertThat(summary("{'Id':'" + ID + "','RepoTags':['busybox:latest']}"))
                    .isEmpty();
            assertThat(view().tag("busybox:latest")).isEmpty();
            assertThat(view().tag("busybox:1")).contains("busybox:1");
        }

        @Test
        void digestWhenAnotherSessionBringsItIsNotSeen() {
            String app = own("r:5000/app:1");
            String repository = app.substring(0, app.lastIndexOf(':'));
            assertThat(summary("{'Id':'" + ID + "','RepoTags':['" + app + "'],'RepoDigests':['" + repository + "@" + ID
                            + "','dw-11112222-images/x/tag/app@" + ID + "']}"))
                    .contains(
                            "{'Id':'" + ID + "','RepoTags':['r:5000/app:1'],'RepoDigests':['r:5000/app@" + ID + "']}");
        }
    }

    @Nested
    class Some {
        @Test
        void imageWhenItIsNotAllowedIsNotSeen() {
            session.close();
            session = SessionContext.seeing("busybox:.*");
            assertThat(summary("{'Id':'" + ID + "','RepoTags':['busybox:1','alpine:1']}"))
                    .contains("{'Id':'" + ID + "','RepoTags':['busybox:1']}");
            assertThat(summary("{'Id':'" + ID + "','RepoTags':['alpine:1']}")).isEmpty();
            assertThat(summary("{'Id':'" + ID + "','RepoTags':null}")).isEmpty();
            session.context().visible().adopt(ID);
            assertThat(summary("{'Id':'" + ID + "','RepoTags':null}")).isPresent();
            assertThat(summary("{'Id':'" + ID + "','RepoTags':null,'Labels':{'io.dockerworkflow.session':'0a0b0c0d'}}"))
                    .isPresent();
        }
    }

    @Test
    void inspectedImageHasNoLabelsOfTheSession() {
        ObjectNode image = Trees.object("{'Id':'" + ID + "','RepoTags':['busybox:1'],'RepoDigests':[],"
                + "'Config':{'Image':'" + own("app:1") + "','Labels':{'io.dockerworkflow.session':'0a0b0c0d'}},"
                + "'ContainerConfig':{'Labels':{'io.dockerworkflow.owner':'own','a':'1'}}}");
        assertThat(view().image(image).map(Trees::text))
                .contains("{'Id':'" + ID + "','RepoTags':['busybox:1'],'RepoDigests':[],"
                        + "'Config':{'Image':'app:1','Labels':{}},'ContainerConfig':{'Labels':{'a':'1'}}}");
        assertThat(view().image(Trees.object(
                        "{'RepoTags':[],'Config':{'Labels':{'io.dockerworkflow.session':'11112222'}}}")))
                .isEmpty();
    }

    @Test
    void imageIsDanglingWithoutATag() {
        assertThat(ImageRewriter.isDangling(Trees.object("{'RepoTags':null}"))).isTrue();
        assertThat(ImageRewriter.isDangling(Trees.object("{'RepoTags':['<none>:<none>']}")))
                .isTrue();
        assertThat(ImageRewriter.isDangling(Trees.object("{'RepoTags':['a:1']}")))
                .isFalse();
        assertThat(ImageRewriter.hasDigest(Trees.object("{'RepoDigests':['<none>@<none>']}")))
                .isFalse();
        assertThat(ImageRewriter.hasDigest(Trees.object("{'RepoDigests':['a@sha256:0']}")))
                .isTrue();
    }

    @Test
    void imageWhenItHasNoNameIsNoneForOldClients() {
        assertThat(Trees.text(ImageRewriter.withoutName(Trees.object("{'RepoTags':[],'RepoDigests':null}"))))
                .isEqualTo("{'RepoTags':['<none>:<none>'],'RepoDigests':['<none>@<none>']}");
        assertThat(Trees.text(ImageRewriter.withoutName(Trees.object("{'RepoTags':['a:1']}"))))
                .isEqualTo("{'RepoTags':['a:1']}");
    }

    @Test
    void imageIsAStepWhenAllItsTagsAreHoldsOfSteps() {
        OwnTags ownTags = session.context().ownTags();
        ObjectNode image = ApiJson.object();
        image.putArray("RepoTags").add(ownTags.stepLease(ID));
        assertThat(view().isStep(image)).isTrue();
        image.withArray("RepoTags").add(ownTags.lease(ID));
        assertThat(view().isStep(image)).isFalse();
        assertThat(view().isStep(Trees.object("{'RepoTags':null}"))).isFalse();
    }
}
