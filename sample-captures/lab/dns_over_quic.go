// SPDX-License-Identifier: GPL-2.0-or-later
// DNS over QUIC (RFC 9250) in front of a name server: what it is asked on a stream it asks there over TCP, which
// writes messages in the same way, with their lengths before them.
//
//	dns_over_quic LISTEN-ADDRESS CHAIN.pem KEY.pem NAME-SERVER
package main

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"os"

	"github.com/lucas-clemente/quic-go"
)

// message reads one with its length.
func message(from io.Reader) ([]byte, error) {
	length := make([]byte, 2)
	if _, err := io.ReadFull(from, length); err != nil {
		return nil, err
	}
	body := make([]byte, int(length[0])<<8|int(length[1]))
	_, err := io.ReadFull(from, body)
	return append(length, body...), err
}

func answer(stream quic.Stream, server string) {
	defer stream.Close()
	question, err := message(stream)
	if err != nil {
		log.Print(err)
		return
	}
	connection, err := net.Dial("tcp", server)
	if err != nil {
		log.Print(err)
		return
	}
	defer connection.Close()
	if _, err := connection.Write(question); err != nil {
		log.Print(err)
		return
	}
	if response, err := message(connection); err == nil {
		stream.Write(response)
	}
}

func main() {
	certificate, err := tls.LoadX509KeyPair(os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	listener, err := quic.ListenAddr(os.Args[1], &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"doq"}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	for {
		connection, err := listener.Accept(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			for {
				stream, err := connection.AcceptStream(context.Background())
				if err != nil {
					return
				}
				go answer(stream, os.Args[4])
			}
		}()
	}
}
