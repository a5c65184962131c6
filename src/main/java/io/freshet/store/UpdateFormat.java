package io.freshet.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.freshet.model.FloatTensor;
import io.freshet.model.WeightChanges;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An update as tensors: {@code item_rows} are the rows whose item is another, and the metadata
 * {@code item_ids} their items, a JSON array; {@code described_rows} and {@code features} the
 * content vectors; {@code trained_rows} the rows of the tensors {@code row/…}; all else is {@code
 * dense/…}. The metadata {@code update} has the {@link UpdateHeader}, in JSON.
 */
final class UpdateFormat {

    private static final String FORMAT = "format";
    private static final String CURRENT = "1";
    private static final String UPDATE = "update";
    private static final String ROWS = "rows";
    private static final String ITEM_IDS = "item_ids";
    private static final String ITEM_ROWS = "item_rows";
    private static final String DESCRIBED_ROWS = "described_rows";
    private static final String TRAINED_ROWS = "trained_rows";
    private static final String FEATURES = "features";
    private static final String ROW = "row/";
    private static final String DENSE = "dense/";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private UpdateFormat() {}

    static SafeTensors.Content content(UpdateHeader header, WeightChanges changes)
            throws JsonProcessingException {
        Map<String, int[]> ints = new LinkedHashMap<>();
        ints.put(ITEM_ROWS, changes.renamedRows());
        ints.put(DESCRIBED_ROWS, changes.describedRows());
        ints.put(TRAINED_ROWS, changes.trainedRows());
        Map<String, FloatTensor> floats = new LinkedHashMap<>();
        floats.put(FEATURES, changes.features());
        changes.rowTensors().forEach((name, tensor) -> floats.put(ROW + name, tensor));
        changes.denseTensors().forEach((name, tensor) -> floats.put(DENSE + name, tensor));
        Map<String, String> metadata =
                Map.of(
                        FORMAT,
                        CURRENT,
                        UPDATE,
                        JSON.writeValueAsString(header),
                        ITEM_IDS,
                        JSON.writeValueAsString(changes.itemIds()),
                        ROWS,
                        Integer.toString(changes.rows()));
        return new SafeTensors.Content(new TreeMap<>(metadata), ints, floats);
    }

    static UpdateHeader header(Map<String, String> metadata) throws IOException {
        String format = metadata.getOrDefault(FORMAT, "none");
        if (!format.equals(CURRENT)) {
            throw new IOException("found format %s, expected %s".formatted(format, CURRENT));
        }
        UpdateHeader header =
                JSON.readValue(metadata.getOrDefault(UPDATE, "null"), UpdateHeader.class);
        if (header == null || header.parent() == null || header.key() == null) {
            throw new IOException("its metadata have no '%s'".formatted(UPDATE));
        }
        return header;
    }

    static WeightChanges changes(SafeTensors.Content content) throws IOException {
        SortedMap<String, FloatTensor> rows = new TreeMap<>();
        SortedMap<String, FloatTensor> dense = new TreeMap<>();
        content.floats()
                .forEach(
                        (name, tensor) -> {
                            if (name.startsWith(ROW)) {
                                rows.put(name.substring(ROW.length()), tensor);
                            } else if (name.startsWith(DENSE)) {
                                dense.put(name.substring(DENSE.length()), tensor);
                            }
                        });
        return new WeightChanges(
                Integer.parseInt(text(content, ROWS)),
                ints(content, ITEM_ROWS),
                JSON.readValue(text(content, ITEM_IDS), String[].class),
                ints(content, DESCRIBED_ROWS),
                floats(content, FEATURES),
                ints(content, TRAINED_ROWS),
                rows,
                dense);
    }

    private static String text(SafeTensors.Content content, String name) throws IOException {
        String text = content.metadata().get(name);
        if (text == null) {
            throw new IOException("its metadata have no '%s'".formatted(name));
        }
        return text;
    }

    private static int[] ints(SafeTensors.Content content, String name) throws IOException {
        int[] found = content.ints().get(name);
        if (found == null) {
            throw new IOException("it has no tensor '%s'".formatted(name));
        }
        return found;
    }

    private static FloatTensor floats(SafeTensors.Content content, String name) throws IOException {
        FloatTensor found = content.floats().get(name);
        if (found == null) {
            throw new IOException("it has no tensor '%s'".formatted(name));
        }
        return found;
    }
}
