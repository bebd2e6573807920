package io.dockerworkflow.dood.gateway.session;

import io.dockerworkflow.dood.gateway.http.RequestObserver;
import io.dockerworkflow.dood.policy.RequestPolicy;
import io.dockerworkflow.internal.children.SessionNames;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a gateway serves.
 *
 * @param engine the engine behind it, which stays open as long as the gateway
 * @param names the session's names and labels
 * @param children where children are announced before they are made
 * @param policy what clients may ask for
 * @param hostImages patterns of the host's images that clients see, for references as the daemon shows them; empty for all
 * @param cgroupParent the cgroup that all containers are made in, whatever clients ask for; empty to leave it to them and the
 *     engine
 * @param caller the id of the container that the session's owner runs in, if it is to join the session's networks
 * @param isolatedCache whether builds see no cache from outside the session
 * @param limitsContainers whether the policy wants to know how many containers there are
 * @param observer is told of each finished request
 * @param socket where to listen; its directory keeps others away, for the socket itself is open to all, so that a child's user
 *     can use it
 */
public record GatewaySettings(
        EngineConnection engine,
        SessionNames names,
        ChildRegistry children,
        RequestPolicy policy,
        Optional<List<Pattern>> hostImages,
        Optional<String> cgroupParent,
        Optional<String> caller,
        boolean isolatedCache,
        boolean limitsContainers,
        Optional<RequestObserver> observer,
        Path socket) {}
