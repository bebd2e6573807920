package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.dood.policy.RequestPolicy;
import io.dockerworkflow.spi.EngineConnection;
import io.dockerworkflow.spi.SessionNames;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a gateway serves.
 *
 * @param engine the engine behind it, which stays open as long as the gateway
 * @param names the session's names and labels
 * @param births where children are announced before they are made
 * @param policy what clients may ask for
 * @param isolatedCache whether builds see no cache from outside the session
 * @param limitsContainers whether the policy wants to know how many containers there are
 * @param observer is told of each finished request
 * @param socket where to listen; its directory keeps others away, for the socket itself is open to all, so that a child's user
 *     can use it
 */
public record GatewaySettings(
        EngineConnection engine,
        SessionNames names,
        Births births,
        RequestPolicy policy,
        boolean isolatedCache,
        boolean limitsContainers,
        Optional<RequestObserver> observer,
        Path socket) {}
