package io.freshet.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Holds more and more of every {@link Resource}, until it is killed. */
public final class LeakMain {

    private static final int HEAP_BYTES = 1 << 20;
    private static final int NATIVE_BYTES = 2 << 20;
    private static final int TABLE_BYTES = 1 << 20;
    private static final int CLASS_LOADERS = 100;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private LeakMain() {}

    /**
     * @param args a directory for table files
     */
    public static void main(String[] args) throws IOException {
        Path state = Path.of(args[0]);
        List<Object> held = new ArrayList<>();
        for (int i = 0; true; i++) {
            held.add(new byte[HEAP_BYTES]);
            held.add(ByteBuffer.allocateDirect(NATIVE_BYTES));
            Path table = Files.write(state.resolve(i + ".sst"), new byte[TABLE_BYTES]);
            InputStream handle = Files.newInputStream(table);
            held.add(handle);
            for (int loader = 0; loader < CLASS_LOADERS; loader++) {
                held.add(proxyClassOfItsOwnLoader());
            }
            Thread thread = new Thread(LeakMain::waitForEver);
            thread.setDaemon(true);
            thread.start();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static Object proxyClassOfItsOwnLoader() {
        ClassLoader loader = new ClassLoader(LeakMain.class.getClassLoader()) {};
        return Proxy.newProxyInstance(
                loader, new Class<?>[] {Runnable.class}, (proxy, method, arguments) -> null);
    }

    private static void waitForEver() {
        while (true) {
            LockSupport.park();
        }
    }
}
