package io.freshet.serve;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request was meant for this gateway. Without a token all that keeps a page of another
 * site out is that browsers don't let it read other origins; a site that gives its own name the
 * address of this machine (DNS rebinding) is no other origin, but its name is in the header.
 */
final class HostCheck {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String own;

    /**
     * @param own name or address that the gateway listens on
     */
    HostCheck(String own) {
        this.own = (own.contains(":") ? "[" + own + "]" : own).toLowerCase(Locale.ROOT);
    }

    /**
     * Whether the header names this machine, whatever the port, which may be forwarded.
     *
     * @param host the request's header, null for none
     */
    boolean accepts(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.strip().toLowerCase(Locale.ROOT).replaceFirst(":[0-9]{1,5}$", "");
        return LOOPBACK.contains(name) || name.equals(own);
    }
}
