package io.freshet.example;

import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Appends a line for each list to a file of each subtask: user, model version, items. */
final class ListFiles implements Sink<RecommendationList> {

    private static final long serialVersionUID = 1L;

    private final String directory;

    ListFiles(Path directory) {
        this.directory = directory.toString();
    }

    @Override
    public SinkWriter<RecommendationList> createWriter(WriterInitContext context)
            throws IOException {
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        Path file = Files.createDirectories(Path.of(directory)).resolve("lists-" + subtask);
        return new Lines(
                Files.newBufferedWriter(
                        file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** A list may be in it twice after a failure: what was flushed is not taken back. */
    private static final class Lines implements SinkWriter<RecommendationList> {

        private final BufferedWriter out;

        Lines(BufferedWriter out) {
            this.out = out;
        }

        @Override
        public void write(RecommendationList list, Context context) throws IOException {
            String items =
                    list.items().stream()
                            .map(RecommendedItem::itemId)
                            .collect(Collectors.joining(" "));
            out.write(list.userId() + " v" + list.modelVersion() + " " + items + "\n");
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
