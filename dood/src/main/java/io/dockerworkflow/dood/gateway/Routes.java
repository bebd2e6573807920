package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.dood.gateway.build.BuildRoutes;
import io.dockerworkflow.dood.gateway.buildkit.BuildKitQuery;
import io.dockerworkflow.dood.gateway.buildkit.BuildKitRoutes;
import io.dockerworkflow.dood.gateway.container.ContainerCreationRoutes;
import io.dockerworkflow.dood.gateway.container.ContainerRewriter;
import io.dockerworkflow.dood.gateway.container.ContainerRoutes;
import io.dockerworkflow.dood.gateway.container.ExecRoutes;
import io.dockerworkflow.dood.gateway.http.Route;
import io.dockerworkflow.dood.gateway.image.ImageImportRoutes;
import io.dockerworkflow.dood.gateway.image.ImageLookup;
import io.dockerworkflow.dood.gateway.image.ImagePruneRoutes;
import io.dockerworkflow.dood.gateway.image.ImagePullRoutes;
import io.dockerworkflow.dood.gateway.image.ImagePushRoutes;
import io.dockerworkflow.dood.gateway.image.ImageRemovalRoutes;
import io.dockerworkflow.dood.gateway.image.ImageRewriter;
import io.dockerworkflow.dood.gateway.image.ImageRoutes;
import io.dockerworkflow.dood.gateway.image.ImageTags;
import io.dockerworkflow.dood.gateway.image.PulledImages;
import io.dockerworkflow.dood.gateway.image.TagRemoval;
import io.dockerworkflow.dood.gateway.network.NetworkRoutes;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.session.Resolver;
import io.dockerworkflow.dood.gateway.session.VolumeCreation;
import io.dockerworkflow.dood.gateway.system.EventRewriter;
import io.dockerworkflow.dood.gateway.system.EventRoutes;
import io.dockerworkflow.dood.gateway.system.SystemRoutes;
import io.dockerworkflow.dood.gateway.volume.VolumeRoutes;
import java.util.ArrayList;
import java.util.List;

/** Puts the routes together with what they share. */
final class Routes {
    private Routes() {}

    /** Every route that the gateway knows. */
    static List<Route> all(GatewayContext context) {
        Resolver resolver = new Resolver(context);
        VolumeCreation volumeCreation = new VolumeCreation(context, resolver);
        VolumeRoutes volumes = new VolumeRoutes(context, resolver, volumeCreation);
        List<Route> routes = new ArrayList<>();
        ContainerRewriter containerRewriter = new ContainerRewriter(context);
        ImageRewriter imageRewriter = new ImageRewriter(context);
        routes.addAll(new SystemRoutes(context, resolver, containerRewriter, imageRewriter, volumes).routes());
        routes.addAll(new EventRoutes(new EventRewriter(context)).routes());
        ImageLookup lookup = new ImageLookup(context, imageRewriter);
        routes.addAll(new ContainerCreationRoutes(context, resolver, lookup, volumeCreation).routes());
        routes.addAll(new ContainerRoutes(context, resolver, lookup, containerRewriter).routes());
        routes.addAll(new ExecRoutes(context, resolver).routes());
        routes.addAll(volumes.routes());
        routes.addAll(new NetworkRoutes(context, resolver).routes());
        ImageTags tags = new ImageTags(context);
        ImageImportRoutes imports = new ImageImportRoutes(context, resolver, lookup, tags);
        routes.addAll(imports.routes());
        PulledImages pulled = new PulledImages(context, tags);
        routes.addAll(new ImagePullRoutes(context, tags, pulled, imports).routes());
        routes.addAll(new ImagePushRoutes(context, pulled).routes());
        routes.addAll(new ImageRoutes(imageRewriter, lookup, tags).routes());
        TagRemoval tagRemoval = new TagRemoval(context);
        routes.addAll(new ImageRemovalRoutes(context, lookup, tagRemoval).routes());
        routes.addAll(new ImagePruneRoutes(context, resolver, imageRewriter, tagRemoval).routes());
        BuildKitRoutes buildKit = new BuildKitRoutes(context);
        routes.addAll(buildKit.routes());
        routes.addAll(new BuildRoutes(context, resolver, tags, pulled, new BuildKitQuery(context, buildKit.buildKit()))
                .routes());
        return routes;
    }
}
