// SPDX-License-Identifier: MIT
import com.amazon.ion.IonInt;
import com.amazon.ion.IonStruct;
import com.amazon.ion.IonSystem;
import com.amazon.ion.IonText;
import com.amazon.ion.IonValue;
import com.amazon.ion.system.IonSystemBuilder;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.qldbsession.QldbSessionClient;
import software.amazon.qldb.QldbDriver;
import software.amazon.qldb.TransactionExecutor;

/**
 * Loads events the way of AWS's Java loader, on the official Java driver: each event in a transaction of its own that selects
 * the current revision from the committed view, compares versions, and writes.
 *
 * <p>{@code java EventByEvent.java} reads commands, one a line, and answers each with one line:
 *
 * <ul>
 *   <li>{@code open ENDPOINT LEDGER THREADS} connects.
 *   <li>{@code load FILE...} loads files of one event a line, each on a thread, and answers with the number of events.
 *   <li>{@code cpu} answers with the processor time of this process so far, in milliseconds.
 *   <li>{@code close} disconnects.
 * </ul>
 *
 * <p>The process stays for all rounds of a benchmark, so that its code is compiled when the clock starts.
 */
public final class EventByEvent {
    private static final IonSystem ION = IonSystemBuilder.standard().build();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private QldbDriver driver;
    private ExecutorService threads;

    public static void main(String[] args) throws Exception {
        EventByEvent program = new EventByEvent();
        Scanner commands = new Scanner(System.in);
        while (commands.hasNextLine()) {
            System.out.println(program.answer(commands.nextLine().split(" ")));
            System.out.flush();
        }
    }

    private Object answer(String[] words) throws Exception {
        switch (words[0]) {
            case "open":
                open(URI.create(words[1]), words[2], Integer.parseInt(words[3]));
                return "opened";
            case "load":
                return load(List.of(words).subList(1, words.length));
            case "cpu":
                return PROCESS.getProcessCpuTime() / 1_000_000.0;
            case "close":
                threads.shutdown();
                driver.close();
                return "closed";
            default:
                throw new IllegalArgumentException("expected open, load, cpu or close, found " + words[0]);
        }
    }

    private void open(URI endpoint, String ledger, int sessions) {
        threads = Executors.newFixedThreadPool(sessions);
        driver = QldbDriver.builder()
                .ledger(ledger)
                .maxConcurrentTransactions(sessions)
                .sessionClientBuilder(QldbSessionClient.builder().endpointOverride(endpoint))
                .build();
    }

    private int load(List<String> files) throws Exception {
        List<Future<Integer>> running = new ArrayList<>();
        for (String file : files) running.add(threads.submit(() -> loadFile(Path.of(file))));
        int events = 0;
        for (Future<Integer> lane : running) events += lane.get();
        return events;
    }

    private int loadFile(Path file) throws IOException {
        List<String> messages = Files.readAllLines(file);
        for (String message : messages) {
            IonStruct event = (IonStruct) ION.singleValue(message);
            driver.execute(transaction -> {
                write(transaction, event);
            });
        }
        return messages.size();
    }

    private static void write(TransactionExecutor transaction, IonStruct event) {
        String table = ((IonText) event.get("table")).stringValue();
        IonValue id = event.get("id");
        IonStruct current = find(transaction, table, id);
        requireNext(event, current);
        if (isDelete(event)) {
            transaction.execute("DELETE FROM " + table + " BY rid WHERE rid = ?", documentId(current));
            return;
        }
        IonStruct document = (IonStruct) event.get("data");
        document.put("oldDocumentId", id.clone());
        if (current == null) {
            transaction.execute("INSERT INTO " + table + " VALUE ?", document);
        } else {
            transaction.execute(
                    "UPDATE " + table + " AS doc BY rid SET doc = ? WHERE rid = ?", document, documentId(current));
        }
    }

    private static IonStruct find(TransactionExecutor transaction, String table, IonValue id) {
        Iterator<IonValue> found = transaction
                .execute("SELECT * FROM _ql_committed_" + table + " WHERE data.oldDocumentId = ?", id)
                .iterator();
        return found.hasNext() ? (IonStruct) found.next() : null;
    }

    private static void requireNext(IonStruct event, IonStruct current) {
        int next = current == null ? 0 : ((IonInt) metadata(current).get("version")).intValue() + 1;
        int version = ((IonInt) event.get("version")).intValue();
        if (version != next) {
            throw new IllegalStateException(
                    "expected version " + next + " of record " + event.get("id") + ", found version " + version);
        }
    }

    private static boolean isDelete(IonStruct event) {
        return ((IonText) event.get("op")).stringValue().equals("DELETE");
    }

    private static IonValue documentId(IonStruct revision) {
        return metadata(revision).get("id");
    }

    private static IonStruct metadata(IonStruct revision) {
        return (IonStruct) revision.get("metadata");
    }
}
