package io.freshet.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of loopback for servers that must come back at the same place. */
final class Ports {

    // below the ephemeral ports, so that no outgoing connection takes one while its server is dead
    private static final int FIRST = 12_000;
    private static final int LAST = 20_000;
    private static final int ATTEMPTS = 100;
    private static final int CONNECT_MILLIS = 500;

    private Ports() {}

    /** A port that nobody listens at. */
    static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                continue;
            }
        }
        throw new UncheckedIOException(
                new IOException("No free port from " + FIRST + " to " + LAST));
    }

    /** Whether somebody listens. */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
