package io.freshet.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.ModelRevision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpdateFormatTest {

    @Test
    void equal_updates_give_equal_bytes_in_whatever_order_their_maps_are() throws IOException {
        assertThat(bytes("b", "a")).isEqualTo(bytes("a", "b"));
    }

    private static byte[] bytes(String first, String second) throws IOException {
        Map<String, Double> metrics = new LinkedHashMap<>();
        Map<String, Long> lastUsed = new LinkedHashMap<>();
        for (String name : List.of(first, second)) {
            metrics.put(name, 1.0);
            lastUsed.put(name, 1L);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UpdateFormat.write(
                new UpdateHeader(ModelRevision.NONE, 1, "key", 0, 1, List.of(), metrics, lastUsed),
                TestingUpdates.changes(7),
                out);
        return out.toByteArray();
    }
}
