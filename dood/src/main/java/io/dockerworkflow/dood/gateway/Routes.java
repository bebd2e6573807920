package io.dockerworkflow.dood.gateway;

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
        ContainerView containers = new ContainerView(context);
        ImageView images = new ImageView(context);
        routes.addAll(new SystemRoutes(context, resolver, containers, images, volumes).routes());
        routes.addAll(new EventRoutes(new EventView(context)).routes());
        ImageLookup lookup = new ImageLookup(context, images);
        routes.addAll(new ContainerCreation(context, resolver, lookup, volumeCreation).routes());
        routes.addAll(new ContainerRoutes(context, resolver, lookup, containers).routes());
        routes.addAll(new ExecRoutes(context, resolver).routes());
        routes.addAll(volumes.routes());
        routes.addAll(new NetworkRoutes(context, resolver).routes());
        ImageTags tags = new ImageTags(context);
        ImageImport imports = new ImageImport(context, resolver, lookup, tags);
        routes.addAll(imports.routes());
        PulledImages pulled = new PulledImages(context, tags);
        routes.addAll(new ImagePull(context, tags, pulled, imports).routes());
        routes.addAll(new ImagePush(context, pulled).routes());
        routes.addAll(new ImageRoutes(images, lookup, tags).routes());
        Untagging untagging = new Untagging(context);
        routes.addAll(new ImageRemoval(context, lookup, untagging).routes());
        routes.addAll(new ImagePrune(context, resolver, images, untagging).routes());
        BuildKitRoutes buildKit = new BuildKitRoutes(context);
        routes.addAll(buildKit.routes());
        routes.addAll(new BuildRoutes(context, resolver, tags, pulled, new BuildKitQuery(context, buildKit.buildKit()))
                .routes());
        return routes;
    }
}
