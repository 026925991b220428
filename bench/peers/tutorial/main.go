// Our own equivalent of the tutorial's chat server: one map of clients, one
// channel, one goroutine that writes JSON to every client in turn.
//
// NOTE: as in the original, the map is shared by goroutines without a lock,
// which Go forbids: under churn the program may end with "concurrent map
// writes". The benchmark keeps that, since it measures what people copy.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
)

type message struct {
	Email    string `json:"email"`
	Username string `json:"username"`
	Message  string `json:"message"`
}

var (
	clients   = make(map[*websocket.Conn]bool)
	broadcast = make(chan message)
	upgrader  = websocket.Upgrader{
		CheckOrigin: func(*http.Request) bool { return true },
	}
)

func main() {
	http.HandleFunc("/ws", handleConnection)
	go handleMessages()
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}

func handleConnection(response http.ResponseWriter, request *http.Request) {
	client, err := upgrader.Upgrade(response, request, nil)
	if err != nil {
		log.Print(err)
		return
	}
	defer client.Close()
	clients[client] = true
	for {
		var said message
		if err := client.ReadJSON(&said); err != nil {
			delete(clients, client)
			return
		}
		broadcast <- said
	}
}

func handleMessages() {
	for {
		said := <-broadcast
		for client := range clients {
			if err := client.WriteJSON(said); err != nil {
				client.Close()
				delete(clients, client)
			}
		}
	}
}
