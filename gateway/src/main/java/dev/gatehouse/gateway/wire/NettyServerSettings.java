package dev.gatehouse.gateway.wire;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/** Puts a {@link WireGuard} into each connection of the public port. */
@Component
class NettyServerSettings implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, remoteAddress) ->
                channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler, "wireGuard", new WireGuard())));
    }
}
