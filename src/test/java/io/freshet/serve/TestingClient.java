package io.freshet.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.freshet.cluster.Await;
import io.freshet.event.TestingSchemas;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A client of a gateway. */
final class TestingClient {

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    TestingClient(String url) {
        this.url = url;
    }

    /** A response. */
    record Found(int status, Optional<String> fallback, Optional<String> retryAfter, byte[] body) {

        JsonNode json() {
            return TestingSchemas.json(body);
        }

        List<String> items() {
            return json().path("items").findValuesAsText("item_id");
        }

        /** The end of a problem's type. */
        String problem() {
            return json().path("type").asText().replace("urn:freshet:problem:", "");
        }
    }

    Found get(String path) {
        return getAsync(path).join();
    }

    CompletableFuture<Found> getAsync(String path) {
        return send(request(path));
    }

    Found get(String path, String token) {
        return send(request(path).header("Authorization", "Bearer " + token)).join();
    }

    Found post(String body) {
        return post("application/json", BodyPublishers.ofString(body));
    }

    Found post(String type, HttpRequest.BodyPublisher body) {
        return send(request("/interactions").header("Content-Type", type).POST(body)).join();
    }

    /** The response to a request that no client would send. */
    String getRaw(String path) throws IOException {
        URI address = URI.create(url);
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.formatted(path).getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** Waits until the gateway's health has a status. */
    JsonNode awaitHealth(int status) {
        Await.until(
                "health " + status,
                () -> get("/health").status() == status,
                () -> get("/health").json());
        return get("/health").json();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    private CompletableFuture<Found> send(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), BodyHandlers.ofByteArray())
                .thenApply(TestingClient::found);
    }

    private static Found found(HttpResponse<byte[]> response) {
        return new Found(
                response.statusCode(),
                response.headers().firstValue("Freshet-Fallback"),
                response.headers().firstValue("Retry-After"),
                response.body());
    }
}
