//go:build unix

package bench

import (
	"encoding/json"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"syscall"
	"time"
)

// The files that signals are answered with.
const (
	memoryFile  = "memory.json"
	startedFile = "cpu.started"
	cpuFile     = "cpu.pprof"
	heapFile    = "heap.pprof"
)

// memory is what a server has in use after a collection, in bytes.
type memory struct {
	Heap  uint64 `json:"heap"`
	Stack uint64 `json:"stack"`
}

// Attend lets whoever measures this process ask it something, with a signal, until
// stop is called. The answers are files in folder. SIGUSR1 collects garbage, gives the
// memory back and says what is in use; SIGUSR2 begins a CPU profile, and the next one
// ends it and adds a heap profile. Servers do so only when told to by a hidden flag.
func Attend(folder string) (stop func(), err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	asked, done := make(chan os.Signal, 4), make(chan struct{})
	signal.Notify(asked, syscall.SIGUSR1, syscall.SIGUSR2)
	var attending sync.WaitGroup
	attending.Go(func() {
		a := attendant{folder: folder}
		defer a.endProfile()
		for {
			select {
			case sig := <-asked:
				if sig == syscall.SIGUSR1 {
					a.collect()
				} else if a.profile == nil {
					a.beginProfile()
				} else {
					a.endProfile()
				}
			case <-done:
				return
			}
		}
	})
	return func() {
		signal.Stop(asked)
		close(done)
		attending.Wait()
	}, nil
}

type attendant struct {
	folder  string
	profile *os.File
}

func (a *attendant) collect() {
	runtime.GC() // what is in pools goes with the second one
	debug.FreeOSMemory()
	time.Sleep(50 * time.Millisecond)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	text, err := json.Marshal(memory{Heap: stats.HeapInuse, Stack: stats.StackInuse})
	if err == nil {
		a.put(memoryFile, text)
	}
}

func (a *attendant) beginProfile() {
	file, err := os.Create(filepath.Join(a.folder, cpuFile+".tmp"))
	if err != nil {
		return // whoever asked sees that there is no answer
	}
	if pprof.StartCPUProfile(file) != nil {
		_ = file.Close()
		return
	}
	a.profile = file
	a.put(startedFile, nil)
}

func (a *attendant) endProfile() {
	if a.profile == nil {
		return
	}
	pprof.StopCPUProfile()
	_ = a.profile.Close()
	if heap, err := os.Create(filepath.Join(a.folder, heapFile)); err == nil {
		_ = pprof.WriteHeapProfile(heap)
		_ = heap.Close()
	}
	_ = os.Rename(a.profile.Name(), filepath.Join(a.folder, cpuFile))
	a.profile = nil
}

// put writes an answer so that it is never seen half written.
func (a *attendant) put(name string, text []byte) {
	path := filepath.Join(a.folder, name)
	if os.WriteFile(path+".tmp", text, 0o600) == nil {
		_ = os.Rename(path+".tmp", path)
	}
}
