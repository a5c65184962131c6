package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.cluster.Await;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

class ServeCommandTest {

    private final StringWriter out = new StringWriter();
    private final CommandLine freshet =
            Freshet.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(new StringWriter(), true));

    @Test
    @Timeout(60)
    void prints_its_address_first_and_serves_until_it_is_ended() throws Exception {
        FutureTask<Integer> command =
                new FutureTask<>(
                        () ->
                                freshet.execute(
                                        "serve",
                                        "--port=0",
                                        "-Okafka.bootstrap-servers=127.0.0.1:1"));
        Thread thread = new Thread(command, "serve");
        thread.start();
        Await.until("an address", () -> out.toString().contains("\n"), out::toString);
        String url = out.toString().lines().findFirst().orElseThrow();

        var health =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(url + "/health")).build(),
                                BodyHandlers.ofString());

        assertThat(url).matches("http://127\\.0\\.0\\.1:\\d+");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).contains("the brokers of 127.0.0.1:1");
        thread.interrupt();
        assertThat(command.get()).isEqualTo(1);
    }
}
