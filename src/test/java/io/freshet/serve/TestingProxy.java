package io.freshet.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a broker that can be cut and mended: to its clients, the broker is away meanwhile. */
final class TestingProxy implements AutoCloseable {

    private static final int BACKLOG = 50;

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final int port;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private volatile int target;
    private volatile ServerSocket server;

    /** Has a port from now on, at which nobody listens until {@link #mend}. */
    TestingProxy() throws IOException {
        server = new ServerSocket(0, BACKLOG, loopback);
        port = server.getLocalPort();
        server.close();
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Lets connections through to a port. */
    void mend(int to) throws IOException {
        target = to;
        ServerSocket listening = new ServerSocket(port, BACKLOG, loopback);
        server = listening;
        start(() -> accept(listening));
    }

    /** Ends all connections, and takes no others. */
    void cut() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket broker = new Socket(loopback, target);
                connections.addAll(List.of(client, broker));
                start(() -> copy(client, broker));
                start(() -> copy(broker, client));
            }
        } catch (IOException e) {
            close(listening); // cut
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var unused = in.transferTo(out);
        } catch (IOException e) {
            return; // cut, or ended by the other side
        }
    }

    private static void close(ServerSocket listening) {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "testing-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
