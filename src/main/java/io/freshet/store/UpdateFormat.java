package io.freshet.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.model.FloatTensor;
import io.freshet.model.WeightChanges;
import io.freshet.store.Safetensors.Type;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An update as a safetensors file. Tensors: {@code item_rows}, {@code described_rows}, {@code
 * trained_rows} (I32), {@code features} (F32, [described rows, width]), {@code row/<variable>}
 * (F32, [trained rows, width]) and {@code dense/<variable>} (F32). Metadata: the fields of {@link
 * UpdateHeader} in snake case, {@code rows}, {@code item_ids} (those of {@code item_rows}) and
 * {@code format}; the text of each is JSON. Fields and tensors that this release doesn't have are
 * passed over; a format with a higher number is one that it can't read.
 */
final class UpdateFormat {

    private static final int CURRENT = 1;

    private static final String FORMAT = "format";
    private static final String ROWS = "rows";
    private static final String ITEM_IDS = "item_ids";
    private static final String ITEM_ROWS = "item_rows";
    private static final String DESCRIBED_ROWS = "described_rows";
    private static final String TRAINED_ROWS = "trained_rows";
    private static final String FEATURES = "features";
    private static final String ROW = "row/";
    private static final String DENSE = "dense/";

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    private UpdateFormat() {}

    /**
     * Writes a whole file: equal updates give equal bytes.
     *
     * @throws IllegalArgumentException if the changes don't fit together
     * @throws StoreException if they are more than a file may hold
     */
    static void write(UpdateHeader header, WeightChanges changes, OutputStream out)
            throws IOException {
        check(changes);
        Map<String, int[]> rows = new LinkedHashMap<>();
        rows.put(ITEM_ROWS, changes.renamedRows());
        rows.put(DESCRIBED_ROWS, changes.describedRows());
        rows.put(TRAINED_ROWS, changes.trainedRows());
        Map<String, FloatTensor> tensors = new LinkedHashMap<>();
        tensors.put(FEATURES, changes.features());
        changes.rowTensors().forEach((name, tensor) -> tensors.put(ROW + name, tensor));
        changes.denseTensors().forEach((name, tensor) -> tensors.put(DENSE + name, tensor));

        Safetensors file = new Safetensors(metadata(header, changes));
        rows.forEach((name, numbers) -> file.add(name, Type.I32, numbers.length));
        tensors.forEach((name, tensor) -> file.add(name, Type.F32, tensor.shape()));
        file.writeTo(out);
        for (int[] numbers : rows.values()) {
            Safetensors.write(out, numbers);
        }
        for (FloatTensor tensor : tensors.values()) {
            Safetensors.write(out, tensor.values());
        }
    }

    private static Map<String, String> metadata(UpdateHeader header, WeightChanges changes) {
        ObjectNode fields = MAPPER.valueToTree(header);
        fields.put(ROWS, changes.rows()).put(FORMAT, CURRENT);
        fields.set(ITEM_IDS, MAPPER.valueToTree(changes.itemIds()));
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            metadata.put(field.getKey(), field.getValue().toString());
        }
        return metadata;
    }

    /**
     * What a file's metadata holds.
     *
     * @param where names the file in messages
     * @throws StoreException if it is not an update that this release can read
     */
    static UpdateHeader header(Safetensors file, String where) throws StoreException {
        try {
            ObjectNode fields = MAPPER.createObjectNode();
            for (Map.Entry<String, String> field : file.metadata().entrySet()) {
                fields.set(field.getKey(), MAPPER.readTree(field.getValue()));
            }
            int format = fields.path(FORMAT).asInt();
            if (format > CURRENT) {
                throw new StoreException(
                        "%s is of format %d, expected at most %d; a newer release of Freshet wrote it and can read it"
                                .formatted(where, format, CURRENT));
            }
            UpdateHeader header = MAPPER.treeToValue(fields, UpdateHeader.class);
            if (format < 1 || !isComplete(header)) {
                throw new StoreException(
                        "%s is not an update: its metadata has %s%s"
                                .formatted(where, file.metadata().keySet(), Safetensors.REMEDY));
            }
            return header;
        } catch (JsonProcessingException e) {
            throw new StoreException(
                    "%s is not an update: %s%s"
                            .formatted(where, e.getOriginalMessage(), Safetensors.REMEDY),
                    e);
        }
    }

    private static boolean isComplete(UpdateHeader header) {
        return header.update() > 0
                && header.parent() != null
                && Stream.of(
                                header.parent().updateFingerprint(),
                                header.key(),
                                header.offsets(),
                                header.metrics(),
                                header.lastUsed())
                        .allMatch(Objects::nonNull);
    }

    /**
     * Reads the data that follows a header.
     *
     * @throws StoreException if it is not all there, or does not fit together
     */
    static WeightChanges changes(Safetensors file, InputStream in, String where)
            throws IOException {
        Map<String, int[]> rows = new HashMap<>();
        Map<String, FloatTensor> tensors = new HashMap<>();
        SortedMap<String, FloatTensor> rowTensors = new TreeMap<>();
        SortedMap<String, FloatTensor> denseTensors = new TreeMap<>();
        try {
            for (Map.Entry<String, Safetensors.Tensor> entry : file.tensors().entrySet()) {
                String name = entry.getKey();
                Safetensors.Tensor tensor = entry.getValue();
                if (tensor.type() == Type.I32) {
                    rows.put(name, Safetensors.readInts(in, tensor.count()));
                    continue;
                }
                float[] values = Safetensors.readFloats(in, tensor.count());
                FloatTensor read = new FloatTensor(tensor.shape(), values);
                if (name.startsWith(ROW)) {
                    rowTensors.put(name.substring(ROW.length()), read);
                } else if (name.startsWith(DENSE)) {
                    denseTensors.put(name.substring(DENSE.length()), read);
                } else {
                    tensors.put(name, read);
                }
            }
            WeightChanges changes =
                    new WeightChanges(
                            MAPPER.readValue(file.metadata().getOrDefault(ROWS, ""), int.class),
                            require(rows, ITEM_ROWS),
                            itemIds(file),
                            require(rows, DESCRIBED_ROWS),
                            require(tensors, FEATURES),
                            require(rows, TRAINED_ROWS),
                            rowTensors,
                            denseTensors);
            check(changes);
            return changes;
        } catch (EOFException | JsonProcessingException | IllegalArgumentException e) {
            throw new StoreException(
                    "%s is damaged: %s%s".formatted(where, e.getMessage(), Safetensors.REMEDY), e);
        }
    }

    private static String[] itemIds(Safetensors file) throws JsonProcessingException {
        String json = file.metadata().getOrDefault(ITEM_IDS, "");
        String[] itemIds = MAPPER.readValue(json, String[].class);
        if (itemIds == null || Arrays.asList(itemIds).contains(null)) {
            throw new IllegalArgumentException("an item has no id");
        }
        return itemIds;
    }

    private static <T> T require(Map<String, T> tensors, String name) {
        T tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("it has no tensor " + name);
        }
        return tensor;
    }

    private static void check(WeightChanges changes) {
        require(changes.itemIds().length, changes.renamedRows().length, ITEM_IDS);
        require(changes.features(), changes.describedRows().length, FEATURES);
        changes.rowTensors()
                .forEach((name, tensor) -> require(tensor, changes.trainedRows().length, name));
        changes.denseTensors().forEach((name, tensor) -> require(tensor, -1, name));
    }

    private static void require(FloatTensor tensor, int rows, String name) {
        long count = 1;
        for (long length : tensor.shape()) {
            count = Math.multiplyExact(count, length);
        }
        if (rows >= 0) {
            require(Arrays.stream(tensor.shape()).findFirst().orElse(-1), rows, name);
        }
        require(tensor.values().length, count, name);
    }

    private static void require(long found, long expected, String name) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    "found %d of %s, expected %d".formatted(found, name, expected));
        }
    }
}
